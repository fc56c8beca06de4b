from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.outreach.reports.season import Season

if TYPE_CHECKING:
    from tests.outreach.office import Office


@pytest.fixture
def season(office: Office) -> Season:
    return Season(office)
