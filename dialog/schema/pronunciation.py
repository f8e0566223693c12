"""`pronunciation.yaml`."""

from pydantic import RootModel

from dialog.parts import Text


class PronunciationFile(RootModel[dict[Text, Text]]):
    """`pronunciation.yaml`: written words and how the voice should say them."""
