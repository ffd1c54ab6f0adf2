"""What is wrong with a written value, so that an edge can say it in another language. Pure."""


class Wrong(ValueError):
    """A sentence with places such as %(day)s, kept apart from what fills them; as text, the English sentence."""

    def __init__(self, sentence: str, **params: object) -> None:
        self.sentence, self.params = sentence, params
        super().__init__(sentence % params)
