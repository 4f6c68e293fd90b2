"""What people call their devices, from what programs say of themselves."""

import pytest

from solvent.web.devices import Device, device

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        (f"{WINDOWS} {WEBKIT} Chrome/140.0.0.0 Safari/537.36", Device("Chrome", "Windows")),
        (f"{WINDOWS} {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", Device("Edge", "Windows")),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            Device("Firefox", "Linux"),
        ),
        (f"{IPHONE} Version/18.3 Mobile/15E148 Safari/604.1", Device("Safari", "iPhone")),
        (f"{IPHONE} CriOS/140.0 Mobile/15E148 Safari/604.1", Device("Chrome", "iPhone")),
        (
            f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {WEBKIT} Chrome/140.0 Mobile Safari/537.36",
            Device("Chrome", "Android"),
        ),
        (f"{MAC} (KHTML, like Gecko) Version/18.3 Safari/605.1.15", Device("Safari", "Mac")),
        ("curl/8.14.1", Device("curl", "")),
        ("Mozilla/5.0", Device("", "")),
        ("", Device("", "")),
    ],
)
def test_a_device_is_named_by_its_program_and_its_system(agent: str, called: Device) -> None:
    assert device(agent) == called


def test_a_long_name_is_cut() -> None:
    assert len(device("x" * 500).program) == 60
