"""One key for all spellings of a name that differ by case, accents, hyphens or script."""

from __future__ import annotations

import unicodedata

_CYRILLIC = (
    "а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z и=y і=i ї=i й=i к=k л=l м=m н=n о=o п=p р=r"
    " с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ь= ъ= ы=y э=e ю=iu я=ia ё=io ў=u"
)
_ARABIC = (
    "ا=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع= غ=gh ف=f"
    " ق=q ك=k ل=l م=m ن=n ه=h و=w ي=y ى=a ة=a ء= آ=a أ=a إ=i ؤ=w ئ=y"
    " پ=p چ=ch ژ=zh گ=g ک=k ی=y ھ=h ے=e"
)
# Letters that Unicode does not take apart into a base letter and an accent.
_LATIN = "ə=a ı=i ł=l ø=o đ=d ð=d þ=th æ=ae œ=oe"
_APOSTROPHES = "'’‘ʼʻʹʿʾ`´"
_SPACING = frozenset({"Pd", "Po", "Ps", "Pe", "Pc", "Sm", "So"})
_TABLE = str.maketrans(
    dict(pair.split("=") for table in (_CYRILLIC, _ARABIC, _LATIN) for pair in table.split())
    | dict.fromkeys(_APOSTROPHES, "")
)


def fold(name: str) -> str:
    """The key under which spellings of a name meet: small letters without accents,
    apostrophes dropped, hyphens and other signs as single spaces, Cyrillic and Arabic
    letter by letter in Latin ones, other scripts as they are.

    "Kup'iansk", "KUPIANSK" and "Kupiánsk" all give "kupiansk". May be empty.
    """
    # Cyrillic and Arabic letters go before their signs are taken off: "й" is not "и".
    text = unicodedata.normalize("NFC", name).casefold().translate(_TABLE)
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join("".join(_letter_or_space(letter) for letter in text).split())


def _letter_or_space(letter: str) -> str:
    if letter.isalnum():
        return letter
    return " " if letter.isspace() or unicodedata.category(letter) in _SPACING else ""


# The same by table, for the many names that need no more: a gazetteer has 100 000.
_ASCII = {code: _letter_or_space(chr(code)) for code in range(128)}
