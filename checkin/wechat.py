"""WeChat's own browser, which keeps neither a camera nor a paired device for long: staff are shown the way out of it.

A page that staff open gives its template `wechat=is_wechat(request)` and includes `wechat.html`.
"""

from events.core.web import Ask


def is_wechat(request: Ask) -> bool:
    """Whether the page was opened inside WeChat, which is what its scanner does with every code."""
    return "micromessenger" in request.headers.get("user-agent", "").lower()
