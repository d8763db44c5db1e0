"""Why a file is refused: one sentence each, saying what is wrong and what to do.

A sentence never holds a cell's value, a file name or an unknown header: it is printed and logged.
"""

from enum import Enum


class Refusal(Enum):
    """The rules a submission file must pass, each with the sentence its sender is shown."""

    UNKNOWN_COUNCIL = (
        "The folder is not the 3-digit code of a council that may send: move the file to the "
        "council's own folder, or add the council to the register of submitting councils and send "
        "the file again under another name."
    )
    TEMPORARY_NAME = (
        "This is the lock file that Excel keeps beside an open workbook: close the workbook and "
        "send the workbook itself."
    )
    EMPTY_FILE = "The file is empty (0 bytes): send it again."
    MACRO = (
        "The workbook holds macros, which are not accepted: save it as an .xlsx workbook without "
        "macros and send that."
    )
    SUFFIX = "Only .xlsx and .xls workbooks are accepted: save the data as .xlsx and send that."
    ENCRYPTED = (
        "The workbook is password-protected: remove the password in Excel and send it again by the "
        "agreed secure channel."
    )
    XLSX_AS_XLS = (
        "The content is an .xlsx workbook under an .xls name: rename it to .xlsx, or save it as "
        ".xlsx in Excel, and send it again."
    )
    XLS_AS_XLSX = (
        "The content is an .xls workbook under an .xlsx name: save it as .xlsx in Excel and send "
        "it again."
    )
    HTML_CONTENT = (
        "The content is a web page (HTML), not an Excel workbook: open it in Excel, save it as "
        ".xlsx and send that."
    )
    XML_CONTENT = (
        "The content is an XML document, not an Excel workbook: open it in Excel, save it as .xlsx "
        "and send that."
    )
    TEXT_CONTENT = (
        "The content is plain text (such as CSV), not an Excel workbook: open it in Excel, save it "
        "as .xlsx and send that."
    )
    OTHER_CONTENT = (
        "The content is of another kind than an Excel workbook, whatever its name: open it in its "
        "own program, save the data as .xlsx and send that."
    )
    CORRUPT = (
        "The file is corrupt or was cut off on its way: open it in Excel to check it, save it as "
        ".xlsx and send it again."
    )
    TOO_LARGE = (
        "The workbook unpacks to more than can be read safely: remove unused sheets, rows and "
        "formatting, or split it by period, and send it again."
    )
    NO_CELLS = "The workbook has no filled cell: check that the data were saved and send it again."
    NO_HEADER = (
        "No sheet has a header row of the data set specification among its first 50 rows: put the "
        "specification's headers above the data and send it again."
    )
    NO_ROWS = (
        "There is a header row with no row of data below it: check the extract that fills the "
        "workbook and send it again."
    )
    OTHER_COUNCIL = (
        "All rows carry another council's LA code: check which council the file belongs to and "
        "have that council send it from its own folder."
    )


_CUT_OFF = (
    "The process that read the file was ended, most likely for want of memory: land again; where "
    "that does not help, have the council split the workbook by period."
)


class Refused(Exception):
    """A file that cannot be landed. `sentence` says why and what to do, and holds no data."""

    def __init__(self, sentence: "str | Refusal") -> None:
        """Take a rule, or the sentence itself."""
        self.sentence = sentence.value if isinstance(sentence, Refusal) else sentence
        super().__init__(self.sentence)


def unreadable(error: BaseException) -> Refused:
    """Refuse for an error nobody foresaw: its class is named, its text (maybe a cell) is not."""
    return Refused(
        f"The file could not be read ({type(error).__name__}): open it in Excel, save it as .xlsx "
        "and send it again."
    )


class CutOff(Refused):
    """A file that nobody could read to its end for no fault of its own: it is tried again."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(_CUT_OFF)
