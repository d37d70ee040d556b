"""Tables of the canonical key: parts of an address that do not belong to the article.

Names are compared in lower case. A name stands here only if no site is known that tells articles apart by it: a
parameter too many in a key costs a missed copy, one too few merges two articles for ever. Rule names are those of
the ClearURLs lists and of the publishers' own campaign links.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HOST_PREFIXES = ("www.", "m.", "mobile.", "amp.")

TRACKING_PREFIXES = (
    "utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "itm_", "stm_", "otm_", "hmb_", "mc_", "vero_", "at_", "wt_",
    "ga_", "elq", "oly_", "cm_mm", "fb_", "gad_", "guce_", "amp_", "__hs", "_hs", "trk_", "cx_", "vn_",
    "action_object_map", "action_ref_map", "action_type_map", "aspsessionid",
)  # fmt: skip

TRACKING = _words(
    """
    utm fbclid gclid gclsrc gbraid wbraid dclid msclkid yclid ysclid ttclid twclid rb_clickid li_fat_id igshid igsh
    epik irclickid zanpid srsltid wickedid mibextid scid s_cid s_kwcid ef_id tblci dicbo oborigurl vmcid gs_l
    _ga _gl _gac _openstat _branch_match_id _bta_tid _bta_c _ke _kx __s __twitter_impression __tn__ _r
    hsctatracking hss_channel ck_subscriber_id ml_subscriber ml_subscriber_hash nr_email_referer echobox mkt_tok
    dm_i dm_t int_source int_medium int_campaign ns_campaign ns_mchannel ns_source ns_linkname ns_fee cn-track
    sc_campaign sc_channel sc_content sc_country sc_geo sc_medium sc_outcome sc_src
    wtrid wt.mc_id wt.mc_ev xtor xtref xtcr xts xtmc xtnp spm smid smtyp smtype smvar cmp cmpid cmp_id
    campaignid campaign_id ocid ncid icid ico ito intcmp intcid intlink mbid ftag ftcamp feedtype feedname
    reflink ref_src ref_url referrer referer refsrc refsource sref tsrc guccounter soc_src soc_trk
    wpisrc wpmm wpmk wpsrc emc sr_share taid trk trkinfo trkemail tracking_source tracking_id
    wprov cxrecs_s sara_ecid fromsource usqp aoh ampshare ceneo_spo os_ehash gift_token unlocked_article_code
    giftcopy sharetoken share_token eav paipv snr rss_source
    phpsessid jsessionid session_id sessionid cfid cftoken zenid oscsid
    """
)

# Dropped unless the value is a number (a revision or an edition may be told by it).
TRACKING_WORDS = frozenset({"ref", "si"})

# Parameters that only open something over the same page: a picture, a reply form, the comments.
OVERLAYS = frozenset({"lightbox", "replytocom", "showcomments", "show_comments", "openlightbox"})

# The same page in another layout, where the value only switches it on.
DRESSES = frozenset(
    {"print", "printable", "printview", "print_view", "printversion", "printer", "printer_friendly", "drucken"}
)
DRESS_SWITCHES = frozenset({"", "1", "true", "yes", "on", "y", "print", "view"})
PRINT_PARTS = frozenset({"print", "drucken", "printable"})  # as the last part of a path, behind an article's own

# Dropped only where the value names a channel, so that "?source=ap&n=4" stays whole.
CHANNEL_NAMES = frozenset(
    {"share", "shared", "source", "src", "from", "via", "partner", "feature", "origin", "medium", "channel"}
)
CHANNELS = _words(
    """
    rss rss2 atom feed feeds rssfeed twitter tw x facebook fb whatsapp wa telegram tg email mail e-mail newsletter
    linkedin pinterest reddit tumblr flipboard instagram ig threads mastodon bluesky bsky social socialmedia sharebutton
    share copylink copy_link copy sharing push pushnotification app applenews googlenews google_news smartnews upday
    """
)

# Session numbers under a name that other sites use for articles: only long random values go.
SESSION_NAMES = frozenset({"sid", "s", "session", "sess"})

# AMP pages.
AMP_NAMES = frozenset({"amp", "isamp", "output", "outputtype", "mode", "viewtype"})
AMP_VALUES = frozenset({"amp", "ampview"})
AMP_SWITCHES = frozenset({"", "1", "true", "yes", "on"})

PATH_SESSIONS = ("jsessionid=", "phpsessid=", "sessionid=", "sid=", "cfid=", "cftoken=")

INDEXES = frozenset(
    f"{stem}.{ending}"
    for stem in ("index", "default")
    for ending in ("html", "htm", "shtml", "php", "php3", "asp", "aspx", "jsp", "cfm", "phtml", "xhtml", "pl", "cgi")
)

# Pages that only redirect: host without its prefixes → path ("*": any) → parameters that hold the address.
REDIRECTORS: dict[str, dict[str, tuple[str, ...]]] = {
    "l.facebook.com": {"/l.php": ("u",)},
    "lm.facebook.com": {"/l.php": ("u",)},
    "facebook.com": {"/l.php": ("u",), "/flx/warn": ("u",)},
    "l.instagram.com": {"*": ("u",)},
    "l.messenger.com": {"/l.php": ("u",)},
    "l.threads.net": {"*": ("u",)},
    "l.threads.com": {"*": ("u",)},
    "t.umblr.com": {"/redirect": ("z",)},
    "vk.com": {"/away.php": ("to",)},
    "youtube.com": {"/redirect": ("q",)},
    "linkedin.com": {"/safety/go": ("url",), "/redir/redirect": ("url",)},
    "duckduckgo.com": {"/l": ("uddg",)},
    "bing.com": {"/news/apiclick.aspx": ("url",)},
    "slack-redir.net": {"/link": ("url",)},
    "out.reddit.com": {"*": ("url",)},
    "steamcommunity.com": {"/linkfilter": ("url", "u")},
    "getpocket.com": {"/redirect": ("url",)},
    "flipboard.com": {"/redirect": ("url",)},
    "exit.sc": {"*": ("url",)},
}
REDIRECTOR_SUFFIXES: dict[str, tuple[str, ...]] = {".safelinks.protection.outlook.com": ("url",)}
GOOGLE_PARAMETERS = ("url", "q")  # of google.TLD/url

AMP_CACHES = (".cdn.ampproject.org", ".bing-amp.com")
AMP_CACHE_KINDS = frozenset({"a", "c", "i", "r", "v", "wp"})

# First parts of paths under which listings live, not articles.
SECTION_PARTS = _words(
    """
    tag tags topic topics category categories section sections author authors autor autoren writer writers archive
    archives search suche page pages thema themen schlagwort rubrik ressort feed rss sitemap label labels profile user
    users contributors people keyword keywords
    """
)
