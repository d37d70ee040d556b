"""Selectors of a seed that stopped giving are found again: the records that they once gave tell what to look for.

`examine` fetches a few pages through the door of a visit and compares (`listing`, `article`: pure, called in workers);
`selector` names elements as a person would; `rewrite` puts new selectors into a seed file. Whether they are used is
decided in `feeds`: what is certain is, what is not is shown.
"""
