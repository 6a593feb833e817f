"""Everything that can go wrong by a user's doing, as one tree.

ReviewerError                 one clear line, a hint, an exit code
├── InputError                the report cannot be used
│   ├── UnreadableFile        missing, a folder, no permission
│   ├── UnsupportedFormat     a kind of file without a reader
│   ├── UndecodableText       no encoding fits
│   ├── DamagedFile           its format is known, but it cannot be taken apart
│   ├── ProtectedFile         encrypted
│   ├── OversizedFile         larger than any report, or made to look so
│   ├── MissingPart           a library or program that this format needs is not installed
│   ├── UnreadablePages       pages without text, and nothing to recognise it with
│   └── EmptyReport           nothing to review in it
├── ModelError                no language model can answer as things are set up
│   ├── ModelMisconfigured    a name, address, key, price or settings file that cannot work
│   ├── LocalModelFailed      a model file that cannot be served on this machine
│   └── RecordingError        a file of recorded answers cannot be used
│       └── RecordingMissing  it does not hold the answer to this question
└── UsageError                flags or settings that cannot be honoured
"""


class ReviewerError(Exception):
    """What the user is told: one line, and what to do about it. Never shown with a traceback."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(ReviewerError):
    """The report cannot be used."""


class UnreadableFile(InputError):
    """The path is missing, is a folder, or may not be read."""


class UnsupportedFormat(InputError):
    """No reader knows this kind of file."""


class UndecodableText(InputError):
    """The bytes are not text in any encoding such reports come in."""


class DamagedFile(InputError):
    """The format is known, but the file cannot be taken apart."""


class ProtectedFile(InputError):
    """The file is encrypted."""


class OversizedFile(InputError):
    """The file is larger than any report, or unpacks to more than one."""


class MissingPart(InputError):
    """A library or program that this format needs is not installed."""


class UnreadablePages(InputError):
    """Pages hold no text but pictures, and nothing is installed to recognise it with."""


class EmptyReport(InputError):
    """The file holds no text."""


class ModelError(ReviewerError):
    """No language model can answer as things are set up."""


class ModelMisconfigured(ModelError):
    """A model's name, address, key, price or settings file cannot work; the message never holds a key."""


class LocalModelFailed(ModelError):
    """A model file is missing, is no GGUF file, or llama.cpp cannot serve it on this machine."""


class RecordingError(ModelError):
    """A file of recorded answers is not one, is damaged, or was made for other questions."""


class RecordingMissing(RecordingError):
    """The recording does not hold the answer to this question; nothing else is asked in its place."""


class UsageError(ReviewerError):
    """Flags or settings that cannot be honoured together, or name something unknown."""
