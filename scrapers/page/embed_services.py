# ruff: noqa: E501  (a table: one service a line)
"""A table of embedded services: the form of their frames' addresses, and the page for people behind each."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["player", "post", "visual", "frame"]
Medium = Literal["video", "audio"]
# the services that play audio; all other players show video
AUDIO = frozenset(
    [
        "SoundCloud",
        "Spotify",
        "Apple Podcasts",
        "Apple Music",
        "Deezer",
        "Mixcloud",
        "Audioboom",
        "Bandcamp",
        "Omny",
        "Podcast",
    ]
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service's frames: hosts (with those below them), what is told by path or by a parameter, and where that leads."""

    site: str
    kind: Kind
    hosts: tuple[str, ...]
    pattern: str  # of the path
    url: str | None  # "{0}", "{1}" are the groups of `pattern`, "{name}" parameters; None: the frame's own address
    still: str | None = None

    def match(self, path: str) -> re.Match[str] | None:
        """The match of its pattern at the beginning of a path."""
        return _compiled(self.pattern).match(path)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled when it is first asked for: all of them together take longer than most commands."""
    return re.compile(pattern)


def _rule(site: str, kind: Kind, hosts: str, path: str, url: str | None = None, still: str | None = None) -> Service:
    return Service(site, kind, tuple(hosts.split()), path, url, still)


_ID = r"([\w-]{1,80})"
_STILL_OF_YOUTUBE = "https://i.ytimg.com/vi/{0}/hqdefault.jpg"
SERVICES = (
    _rule("YouTube", "player", "youtube.com youtube-nocookie.com youtubekids.com", r"/embed/videoseries", "https://www.youtube.com/playlist?list={list}"),
    _rule("YouTube", "player", "youtube.com youtube-nocookie.com youtubekids.com", r"/(?:embed|v|shorts|live|e)/([\w-]{11})", "https://www.youtube.com/watch?v={0}", _STILL_OF_YOUTUBE),
    _rule("YouTube", "player", "youtube.com", r"/watch$", "https://www.youtube.com/watch?v={v}", "https://i.ytimg.com/vi/{v}/hqdefault.jpg"),
    _rule("YouTube", "player", "youtube.com youtube-nocookie.com", r"/embed/?$", "https://www.youtube.com/playlist?list={list}"),
    _rule("YouTube", "player", "youtu.be", r"/([\w-]{11})", "https://www.youtube.com/watch?v={0}", _STILL_OF_YOUTUBE),
    _rule("Vimeo", "player", "vimeo.com", r"/(?:video/)?(\d+)", "https://vimeo.com/{0}"),
    _rule("Vimeo", "player", "vimeo.com", r"/event/(\d+)", "https://vimeo.com/event/{0}"),
    _rule("Dailymotion", "player", "dailymotion.com", r"/(?:embed/)?video/(\w+)", "https://www.dailymotion.com/video/{0}", "https://www.dailymotion.com/thumbnail/video/{0}"),
    _rule("Dailymotion", "player", "dailymotion.com", r"/player", "https://www.dailymotion.com/video/{video}", "https://www.dailymotion.com/thumbnail/video/{video}"),
    _rule("Dailymotion", "player", "dai.ly", r"/(\w{5,})", "https://www.dailymotion.com/video/{0}", "https://www.dailymotion.com/thumbnail/video/{0}"),
    _rule("Twitch", "player", "clips.twitch.tv", r"/embed", "https://clips.twitch.tv/{clip}"),
    _rule("Twitch", "player", "player.twitch.tv", r"/?", "https://www.twitch.tv/videos/{video}"),
    _rule("Twitch", "player", "player.twitch.tv", r"/?", "https://www.twitch.tv/{channel}"),
    _rule("TikTok", "player", "tiktok.com", r"/(?:embed|player)/(?:v\d/)?(\d{6,})", "https://www.tiktok.com/@/video/{0}"),
    _rule("TikTok", "post", "tiktok.com", r"/(@[\w.-]+)/video/(\d+)", "https://www.tiktok.com/{0}/video/{1}"),
    _rule("Facebook", "player", "facebook.com", r"/(?:v[\d.]+/)?plugins/video\.php", "{href}"),
    _rule("Facebook", "post", "facebook.com", r"/(?:v[\d.]+/)?plugins/post\.php", "{href}"),
    _rule("Brightcove", "player", "players.brightcove.net", r"/\w+/[\w-]+/index\.html"),
    _rule("JW Player", "player", "cdn.jwplayer.com content.jwplatform.com", r"/players/(\w{8})-", None, "https://cdn.jwplayer.com/v2/media/{0}/poster.jpg?width=720"),
    _rule("JW Player", "player", "cdn.jwplayer.com content.jwplatform.com", r"/previews/(\w{8})", None, "https://cdn.jwplayer.com/v2/media/{0}/poster.jpg?width=720"),
    _rule("SoundCloud", "player", "w.soundcloud.com", r"/player", "{url}"),
    _rule("Spotify", "player", "open.spotify.com", r"/embed(?:-podcast)?/(track|episode|show|album|artist|playlist)/(\w+)", "https://open.spotify.com/{0}/{1}"),
    _rule("Apple Podcasts", "player", "embed.podcasts.apple.com", r"(/.+)", "https://podcasts.apple.com{0}"),
    _rule("Apple Music", "player", "embed.music.apple.com", r"(/.+)", "https://music.apple.com{0}"),
    _rule("Deezer", "player", "widget.deezer.com", r"/widget/\w+/(\w+)/(\w+)", "https://www.deezer.com/{0}/{1}"),
    _rule("Mixcloud", "player", "mixcloud.com", r"/widget/", "https://www.mixcloud.com{feed}"),
    _rule("Audioboom", "player", "embeds.audioboom.com", r"/posts/([\w-]+)", "https://audioboom.com/posts/{0}"),
    _rule("Bandcamp", "player", "bandcamp.com", r"/EmbeddedPlayer"),
    _rule("Omny", "player", "omny.fm", r"(/shows/.+)/embed", "https://omny.fm{0}"),
    _rule("Podcast", "player", "embed.acast.com player.acast.com megaphone.fm html5-player.libsyn.com player.simplecast.com podigee.io widget.spreaker.com art19.com player.captivate.fm podbean.com buzzsprout.com player.fireside.fm player.blubrry.com anchor.fm embed.radiopublic.com share.transistor.fm player.ausha.co podcasts.ivoox.com podcastone.com iheart.com playlist.megaphone.fm", r"/"),
    _rule("TED", "player", "embed.ted.com", r"/talks/(.+)", "https://www.ted.com/talks/{0}"),
    _rule("Internet Archive", "player", "archive.org", r"/embed/([\w.-]+)", "https://archive.org/details/{0}"),
    _rule("Streamable", "player", "streamable.com", r"/(?:[eos]/)?(\w+)", "https://streamable.com/{0}"),
    _rule("Rumble", "player", "rumble.com", r"/embed/"),
    _rule("Odysee", "player", "odysee.com", r"/\$/embed/(.+)", "https://odysee.com/{0}"),
    _rule("Wistia", "player", "fast.wistia.net fast.wistia.com", r"/embed/(?:iframe|medias)/(\w+)", "https://fast.wistia.net/embed/iframe/{0}"),
    _rule("Vidyard", "player", "play.vidyard.com", r"/(\w+)", "https://play.vidyard.com/{0}", "https://play.vidyard.com/{0}.jpg"),
    _rule("Loom", "player", "loom.com", r"/embed/(\w+)", "https://www.loom.com/share/{0}"),
    _rule("Bilibili", "player", "player.bilibili.com", r"/player\.html", "https://www.bilibili.com/video/{bvid}"),
    _rule("Niconico", "player", "embed.nicovideo.jp", r"/watch/(\w+)", "https://www.nicovideo.jp/watch/{0}"),
    _rule("Youku", "player", "player.youku.com", r"/embed/([\w=]+)", "https://v.youku.com/v_show/id_{0}.html"),
    _rule("Tencent Video", "player", "v.qq.com", r"/txp/iframe/player\.html", "https://v.qq.com/x/page/{vid}.html"),
    _rule("VK", "player", "vk.com vkvideo.ru", r"/video_ext\.php", "https://vk.com/video{oid}_{id}"),
    _rule("OK", "player", "ok.ru", r"/videoembed/(\d+)", "https://ok.ru/video/{0}"),
    _rule("Rutube", "player", "rutube.ru", r"/(?:play|video)/embed/(\w+)", "https://rutube.ru/video/{0}/"),
    _rule("Aparat", "player", "aparat.com", r"/video/video/embed/videohash/(\w+)", "https://www.aparat.com/v/{0}"),
    _rule("Kakao TV", "player", "tv.kakao.com play-tv.kakao.com", r"/embed/player/cliplink/(\d+)", "https://tv.kakao.com/v/{0}"),
    _rule("Naver TV", "player", "tv.naver.com", r"/embed/(\d+)", "https://tv.naver.com/v/{0}"),
    _rule("Giphy", "player", "giphy.com", r"/embed/(\w+)", "https://giphy.com/gifs/{0}", "https://media.giphy.com/media/{0}/giphy.gif"),
    _rule("Coub", "player", "coub.com", r"/embed/(\w+)", "https://coub.com/view/{0}"),
    _rule("Kaltura", "player", "kaltura.com", r"/"),
    _rule("PeerTube", "player", "", r"/videos/embed/([0-9a-f]{8}-[0-9a-f-]{27}|[1-9A-HJ-NP-Za-km-z]{22})", "https://{host}/videos/watch/{0}"),
    _rule("X", "post", "platform.twitter.com platform.x.com", r"/embed/Tweet\.html", "https://x.com/i/status/{id}"),
    _rule("X", "post", "twitframe.com", r"/show", "{url}"),
    _rule("X", "post", "twitter.com x.com", r"/(?:#!/)?(\w{1,30})/status(?:es)?/(\d+)", "https://x.com/{0}/status/{1}"),
    _rule("Bluesky", "post", "embed.bsky.app", r"/embed/(did:[\w:.%-]+)/app\.bsky\.feed\.post/(\w+)", "https://bsky.app/profile/{0}/post/{1}"),
    _rule("Bluesky", "post", "bsky.app", r"/profile/([\w:.-]+)/post/(\w+)", "https://bsky.app/profile/{0}/post/{1}"),
    _rule("Instagram", "post", "instagram.com", r"/(?:[\w.]+/)?(p|reel|tv)/([\w-]+)", "https://www.instagram.com/{0}/{1}/"),
    _rule("Facebook", "player", "facebook.com", r"/(?:[\w.]+/videos/(?:[\w.]+/)?\d+|watch/?|video\.php|reel/\d+)"),
    _rule("Facebook", "post", "facebook.com", r"/(?:[\w.-]+/(?:posts|photos)/|permalink\.php|photo(?:\.php)?|story\.php|groups/[\w.]+/(?:posts|permalink)/|share/)"),
    _rule("Threads", "post", "threads.net threads.com", r"/(@[\w.]+)/post/([\w-]+)", "https://www.threads.net/{0}/post/{1}"),
    _rule("Threads", "post", "threads.net threads.com", r"/t/([\w-]+)", "https://www.threads.net/t/{0}"),
    _rule("Reddit", "post", "reddit.com redditmedia.com", r"(/r/\w+/comments/\w+(?:/[\w%-]*(?:/\w+)?)?)", "https://www.reddit.com{0}"),
    _rule("Telegram", "post", "t.me telegram.me", r"/(?:s/)?(\w{3,})/(\d+)", "https://t.me/{0}/{1}"),
    _rule("LinkedIn", "post", "linkedin.com", r"/embed/(feed/update/[\w:%]+)", "https://www.linkedin.com/{0}"),
    _rule("Pinterest", "post", "assets.pinterest.com", r"/ext/embed\.html", "https://www.pinterest.com/pin/{id}/"),
    _rule("Mastodon", "post", "", r"/(@[\w.-]+(?:@[\w.-]+)?)/(\d{5,})/embed", "https://{host}/{0}/{1}"),
    _rule("Mastodon", "post", "", r"/(users/[\w.-]+/statuses/\d{5,})/embed", "https://{host}/{0}"),
    _rule("Datawrapper", "visual", "datawrapper.dwcdn.net", r"/(\w{5})(?:/\d+)?/?", "https://datawrapper.dwcdn.net/{0}/", "https://datawrapper.dwcdn.net/{0}/full.png"),
    _rule("Flourish", "visual", "flo.uri.sh public.flourish.studio", r"/(visualisation|story)/(\d+)", "https://public.flourish.studio/{0}/{1}/", "https://public.flourish.studio/{0}/{1}/thumbnail"),
    _rule("Infogram", "visual", "infogram.com e.infogram.com infogr.am e.infogr.am", r"/([\w-]{6,})", "https://infogram.com/{0}"),
    _rule("Google Maps", "visual", "google.com", r"/maps/d/(?:u/\d/)?embed", "https://www.google.com/maps/d/viewer?mid={mid}"),
    _rule("Google Maps", "visual", "google.com maps.google.com", r"/maps"),
    _rule("Google Maps", "visual", "maps.google.com", r"/"),
    _rule("OpenStreetMap", "visual", "openstreetmap.org", r"/export/embed\.html"),
    _rule("Tableau", "visual", "public.tableau.com", r"/views/"),
    _rule("Our World in Data", "visual", "ourworldindata.org", r"/grapher/([\w-]+)", None, "https://ourworldindata.org/grapher/{0}.png"),
    _rule("ArcGIS", "visual", "arcgis.com", r"/"),
    _rule("Knight Lab", "visual", "cdn.knightlab.com uploads.knightlab.com", r"/"),
    _rule("Scribd", "visual", "scribd.com", r"/embeds/(\d+)", "https://www.scribd.com/document/{0}"),
    _rule("DocumentCloud", "visual", "embed.documentcloud.org documentcloud.org", r"(/documents/.+)", "https://www.documentcloud.org{0}"),
    _rule("Sketchfab", "visual", "sketchfab.com", r"/models/(\w+)", "https://sketchfab.com/models/{0}"),
    _rule("Issuu", "visual", "e.issuu.com issuu.com", r"/"),
)  # fmt: skip

NOTHING_SITES = frozenset(  # frames with nothing to read: tracking, sign-in, comments, sign-up, adverts
    """addthis.com adition.com ad4mat.net cleverpush.com cloudflare.com consensu.org cookiebot.com disqus.com
    getsitecontrol.com hotjar.com hs-sites.com intensedebate.com list-manage.com livefyre.com mailchimp.com
    onesignal.com openweb.com opinary.com piano.io plista.com privacy-mgmt.com recaptcha.net sendinblue.com
    sharethis.com sourcepoint.com spot.im teads.tv tinypass.com trustarc.com usercentrics.eu viafoura.net
    zergnet.com dianomi.com mgid.com sibforms.com""".split()  # noqa: SIM905  (words)
)
NOTHING = re.compile(
    r"facebook\.com/(?:v[\d.]+/)?(?:plugins/(?:like|likebox|page|comments|share_button|follow|send|group)|tr\b)|"
    r"google\.com/(?:recaptcha|afs)|jetpack\.wordpress\.com|ns\.html\?id=|//(?:auth|sso|login|account|analytics|widgets?|public-api)\.|accounts\.google\.|apis\.google\.com|platform\.twitter\.com/widgets/(?:tweet_button|follow)|"
    r"substack\.com/embed|[/.](?:ads?|advert\w{0,8}|banners?|doubleclick|adserver|newsletter\w{0,10}|subscri\w{0,8}|sign-?up|"
    r"consent\w{0,8}|cookie\w{0,8}|captcha|login|paywall|piano|comments?)(?:[/.?]|$)|about:|^javascript:|rcm-[\w-]{1,9}\.amazon",
    re.IGNORECASE,
)
