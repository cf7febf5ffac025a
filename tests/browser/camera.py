"""What the door's camera sees: Chromium films a file of JPEG frames, and reads it anew whenever a camera is started."""

from io import BytesIO
from pathlib import Path

from PIL import Image

_HALL = (104, 108, 114)
_SIZE = (1280, 720)
_TILT_DEGREES = 4


class Camera:
    """A file in place of a lens."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.look_at(Image.new("RGB", _SIZE, _HALL))

    @property
    def flags(self) -> list[str]:
        """What Chromium is started with to film it."""
        return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={self.path}"]

    def hold_up(self, badge: Image.Image) -> None:
        """Somebody holds a printed badge before the lens, not quite straight."""
        hall = Image.new("RGB", _SIZE, _HALL)
        card = badge.convert("RGB").rotate(
            _TILT_DEGREES, expand=True, fillcolor=_HALL, resample=Image.Resampling.BICUBIC
        )
        card.thumbnail((_SIZE[0], _SIZE[1] - 20))
        hall.paste(card, ((_SIZE[0] - card.width) // 2, 10))
        self.look_at(hall)

    def look_at(self, scene: Image.Image) -> None:
        """The next camera that is started sees this."""
        frame = BytesIO()
        scene.save(frame, "JPEG", quality=80)
        fresh = self.path.with_suffix(".new")
        fresh.write_bytes(frame.getvalue() * 2)
        fresh.replace(self.path)
