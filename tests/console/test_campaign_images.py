"""Images of campaigns through the pages: put to a wording, and what is no image."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from aiohttp import FormData
from PIL import Image

from tests.console.season import WRITER, filled, state, written

if TYPE_CHECKING:
    from tests.console.season import Season
    from tests.console.support import Clerk


def picture(width: int = 40, height: int = 20) -> bytes:
    held = BytesIO()
    Image.new("RGB", (width, height), "teal").save(held, "PNG")
    return held.getvalue()


async def uploaded(clerk: Clerk, content: bytes, **changes: str) -> int:
    """Put a file to a wording as a browser would, whatever it calls the file; the status."""
    fields = {"csrf": clerk.csrf, "wording": "vi", **changes}
    form = FormData(fields)
    form.add_field("file", BytesIO(content), filename="../../<b>ảnh</b>.png", content_type="image/png")
    address = f"{clerk.origin}/console/campaigns/kg26/image"
    async with clerk.http.post(address, data=form, headers={"Origin": clerk.origin}, allow_redirects=False) as response:
        await response.read()
        return response.status


async def test_an_image_is_put_to_a_wording_and_voids_the_approval(place: Season) -> None:
    async with place.desk.clerk(WRITER) as clerk:
        await written(clerk)
        await clerk.get("/campaigns/kg26")
        await clerk.post("/campaigns/kg26/submit")
        assert await uploaded(clerk, picture()) == 303
        assert await state(place.desk) == "draft"
        page = await clerk.get("/campaigns/kg26")
        (name,) = set(re.findall(r"/console/campaigns/images/(\w+)", page.text))
        async with clerk.http.get(f"{clerk.origin}/console/campaigns/images/{name}") as shown:
            assert (shown.content_type, await shown.read()) == ("image/png", picture())
        assert filled(await clerk.get("/campaigns/kg26/edit"))["image_vi"] == name


@pytest.mark.parametrize(
    ("content", "changes", "status"),
    [
        (b"", {}, 409),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", {}, 409),
        (picture()[:50], {}, 409),
        (picture(4100, 200), {}, 409),
        (picture(5100, 5100), {}, 409),
        (bytes(1_200_000), {}, 409),
        (bytes(2_200_000), {}, 413),
        (picture(), {"wording": "../vi"}, 400),
        (picture(), {"wording": "x" * 70_000}, 413),
        (picture(), {"csrf": "0" * 64}, 401),
    ],
    ids=[
        "nothing",
        "a drawing with a script",
        "cut off",
        "too long",
        "too many pixels",
        "too large to send",
        "too large to read",
        "no wording",
        "fields",
        "token",
    ],
)
async def test_what_is_no_image_for_a_wording_changes_nothing(
    place: Season, content: bytes, changes: dict[str, str], status: int
) -> None:
    async with place.desk.clerk(WRITER) as clerk:
        await written(clerk)
        await clerk.get("/campaigns/kg26")
        assert await uploaded(clerk, content, **changes) == status
        assert "/campaigns/images/" not in (await clerk.get("/campaigns/kg26")).text
        answer = await clerk.post("/campaigns/kg26/image", wording="vi", file="x")
        assert answer.status == 400
