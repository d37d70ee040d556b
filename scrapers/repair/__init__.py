"""Finds new selectors for a seed whose old ones stopped working, guided by the records that those gave.

`examine` fetches a few pages like a visit and compares (`listing`, `article`: pure, called in workers);
`selector` names elements as a person would; `rewrite` puts new selectors into a seed file. Whether they are used is
decided in `feeds`: certain ones are, unsure ones are shown.
"""
