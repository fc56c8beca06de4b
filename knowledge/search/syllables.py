"""Which letter groups are Vietnamese syllables, and what Telex and VNI keystrokes were meant to give.

Everything here works on folded text (no diacritics): that is what the search compares.
"""

from __future__ import annotations

import re

_ONSETS = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|b|c|d|g|h|k|l|m|n|p|r|s|t|v|x|"
_RIMES = (
    "uyenh|uyet|uyen|uynh|uych|uyt|uya|uyu|uy|"
    "uong|uoi|uoc|uon|uom|uot|uop|uou|uo|uang|uach|uanh|uat|uan|uay|uai|uao|uac|ua|uech|uenh|uen|uet|ueo|ue|"
    "ieng|iec|ien|iem|iet|iep|ieu|ie|yeng|yen|yem|yet|yeu|ia|iu|ich|inh|ing|in|im|it|ip|i|"
    "oang|oach|oanh|oac|oai|oam|oan|oap|oat|oay|oao|oa|oeo|oen|oet|oe|ong|oc|oi|om|on|op|ot|o|"
    "ang|anh|ach|ac|ai|am|an|ao|ap|at|au|ay|a|eng|enh|ech|ec|em|en|eo|ep|et|eu|e|"
    "ung|uc|ui|um|un|up|ut|uu|u|y"
)
_SYLLABLE = re.compile(rf"(?:{_ONSETS})(?:{_RIMES})")
_VNI = re.compile(r"[a-z]+[1-9][a-z1-9]*")


def is_syllable(word: str) -> bool:
    """Whether a folded word can be one Vietnamese syllable."""
    return _SYLLABLE.fullmatch(word) is not None


def from_telex(word: str) -> str | None:
    """The folded syllable that Telex keystrokes stand for: duowcj → duoc; None when they stand for none."""
    letters = word.replace("dd", "d").replace("w", "")
    letters = re.sub(r"([aeo])(.*)\1", r"\1\2", letters, count=1) if not is_syllable(letters) else letters
    if is_syllable(letters):
        return letters
    without_tone = re.sub(r"(?<=[aeiouy])([a-z]*)[sfrxj]([a-z]*)", r"\1\2", letters, count=1)
    if is_syllable(without_tone):
        return without_tone
    collapsed = re.sub(r"([aeo])(.*)\1", r"\1\2", without_tone, count=1)
    return collapsed if is_syllable(collapsed) else None


def from_vni(word: str) -> str | None:
    """The folded syllable that VNI keystrokes stand for: hie63m → hiem; None when they stand for none."""
    if not _VNI.fullmatch(word):
        return None
    letters = re.sub(r"[1-9]", "", word)
    return letters if is_syllable(letters) else None
