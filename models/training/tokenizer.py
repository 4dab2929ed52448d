"""BERT's tokeniser, as src/SemCache.Core/Embeddings/BertTokenizer.cs implements it: same rules, same ids."""
import unicodedata

PAD, UNK, CLS, SEP = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD = 100

_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF),
        (0x20000, 0x2A6DF), (0x2A700, 0x2CEAF), (0x2F800, 0x2FA1F))


def canonical(text):
    """The canonical form that the engine stores and matches: NFC, line feeds only, no outer white space."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class Tokenizer:
    def __init__(self, vocabulary):
        with open(vocabulary, encoding="utf-8") as lines:
            self.tokens = [line.rstrip("\n") for line in lines]
        self.ids = {}
        for token in self.tokens:
            self.ids.setdefault(token, len(self.ids))
        self.pad, self.unk, self.cls, self.sep = (self.ids[t] for t in (PAD, UNK, CLS, SEP))
        self._words = {}
        self._chars = {}

    def encode(self, text):
        """Token ids between [CLS] and [SEP]."""
        ids = [self.cls]
        for word in self._basic(canonical(text)).split(" "):
            if word:
                pieces = self._words.get(word)
                if pieces is None:
                    pieces = self._words[word] = self._pieces(word)
                ids.extend(pieces)
        ids.append(self.sep)
        return ids

    def _basic(self, text):
        return "".join([self._char(c) for c in unicodedata.normalize("NFD", text)])

    def _char(self, c):
        known = self._chars.get(c)
        if known is None:
            known = self._chars[c] = self._classify(c)
        return known

    @staticmethod
    def _classify(c):
        category = unicodedata.category(c)
        if c in "\t\n\r" or category[0] == "Z":
            return " "
        if category in ("Cc", "Cf", "Mn"):
            return ""
        code = ord(c)
        if code < 128:
            return f" {c} " if not c.isalnum() else c.lower()
        if category[0] == "P" or any(low <= code <= high for low, high in _CJK):
            return f" {c} "
        lower = c.lower()
        return lower if len(lower) == 1 else c

    def _pieces(self, word):
        if len(word) > LONGEST_WORD:
            return [self.unk]
        pieces, start = [], 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self.ids.get(word[start:end] if start == 0 else "##" + word[start:end])
                if piece is not None:
                    pieces.append(piece)
                    break
            else:
                return [self.unk]
            start = end
        return pieces
