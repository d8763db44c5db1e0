"""From a cell's stored value to the text that lands: numbers, dates, times, errors, booleans.

Text cells never come here: they land as stored. Examples: 9434765919.0 -> `9434765919`,
1e21 -> `1000000000000000000000`, serial 45351 in a date format -> `2024-02-29`.
"""

import datetime
import re
from decimal import Decimal

SECONDS_A_DAY = 86_400
_LAST_SERIAL = {False: 2_958_465, True: 2_957_003}  # 31 December 9999, by `date_1904`
_PHANTOM_SERIAL = 60  # 29 February 1900, a day that only the 1900 date system has

# Number formats that Excel knows by id alone (ECMA-376 part 1, 18.8.30), incl. East Asian dates.
_BUILT_IN = (
    dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)), "date")
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47), "time")
    | {46: "duration"}
)
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKETED = re.compile(r"\[[^\]]*\]")


def text_of_number(number: float) -> str:
    """Return the shortest decimal that reads back as `number`: no exponent, no trailing `.0`."""
    text = repr(number)
    if "e" in text:
        text = format(Decimal(text), "f")
    elif text in ("inf", "-inf", "nan"):
        return "#NUM!"
    if text.endswith(".0"):
        text = text[:-2]
    return "0" if text == "-0" else text


def text_of_boolean(value: bool) -> str:
    """Return `TRUE` or `FALSE`, as Excel shows them."""
    return "TRUE" if value else "FALSE"


def text_of_moment(moment: datetime.date) -> str:
    """Return a date, or a date and time, as ISO; a time of midnight is left out.

    Fractions of a second are rounded: they are remainders of the serial number's arithmetic.
    """
    if not isinstance(moment, datetime.datetime):
        return moment.isoformat()
    if moment.microsecond:
        moment = (moment + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
    midnight = moment.hour == moment.minute == moment.second == 0
    return moment.date().isoformat() if midnight else moment.isoformat()


def kind_of_format(format_id: int, code: str | None = None) -> str | None:
    """Tell what a number format shows: `date`, `time`, `duration`, or None for a plain number.

    `code` is the format's text where the workbook defines it, e.g. `dd/mm/yyyy`, `[h]:mm`.
    """
    if code is None:
        return _BUILT_IN.get(format_id)
    section = _LITERALS.sub("", code).split(";")[0]
    if _ELAPSED.search(section):
        return "duration"
    section = _BRACKETED.sub("", section).lower()
    if "general" in section:
        return None
    if "d" in section or "y" in section:
        return "date"
    if "h" in section or "s" in section:
        return "time"
    return "date" if "m" in section else None


def text_of_serial(serial: float, kind: str, date_1904: bool) -> str:
    """Return the text of a number shown as `date`, `time` or `duration`.

    `serial` counts days from the workbook's own epoch. What Excel cannot show as a date (below 0,
    after 9999) lands as the plain number. Days that only Excel knows keep Excel's name for them:
    serial 0 is `1900-01-00` and serial 60 `1900-02-29`, so that no real date is made up.
    """
    if not 0 <= serial < _LAST_SERIAL[date_1904] + 1:
        return text_of_number(serial)
    seconds = int(serial * SECONDS_A_DAY + 0.5)
    days, remainder = divmod(seconds, SECONDS_A_DAY)
    if days > _LAST_SERIAL[date_1904]:
        return text_of_number(serial)
    clock = f"{remainder // 3600:02}:{remainder // 60 % 60:02}:{remainder % 60:02}"
    if kind == "duration":
        return f"{seconds // 3600:02}{clock[2:]}"
    if kind == "time" and days == 0:
        return clock
    date = _date_text(days, date_1904)
    return f"{date}T{clock}" if remainder else date


def _date_text(days: int, date_1904: bool) -> str:
    if date_1904:
        return (datetime.date(1904, 1, 1) + datetime.timedelta(days)).isoformat()
    if days == 0:
        return "1900-01-00"
    if days == _PHANTOM_SERIAL:
        return "1900-02-29"
    epoch = datetime.date(1899, 12, 31) if days < _PHANTOM_SERIAL else datetime.date(1899, 12, 30)
    return (epoch + datetime.timedelta(days)).isoformat()


def text_of_iso(stored: str) -> str:
    """Return the text of a cell stored as an ISO date (`t="d"`), midnight left out."""
    try:
        return text_of_moment(datetime.datetime.fromisoformat(stored).replace(tzinfo=None))
    except ValueError:
        return stored
