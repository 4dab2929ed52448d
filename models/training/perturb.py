"""Pairs made by rule: the same prompt in other letters (label 1), and a prompt with one thing changed (label 0)."""
import re

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty fifty hundred".split()
UNIT_GROUPS = [group.split() for group in (
    "kilometers miles meters feet yards", "km mi", "kg lbs pounds grams ounces", "celsius fahrenheit kelvin",
    "dollars euros pounds rupees yen", "usd eur gbp inr jpy cad", "hours minutes seconds days weeks months years",
    "liters gallons cups", "mb gb tb kb", "percent degrees")]
OPPOSITES = [pair.split("/") for pair in (
    "on/off enable/disable before/after increase/decrease buy/sell best/worst more/less open/close start/stop "
    "start/end first/last up/down in/out add/remove left/right above/below hot/cold high/low higher/lower "
    "highest/lowest largest/smallest biggest/smallest longest/shortest maximum/minimum max/min most/least best/worst "
    "good/bad advantages/disadvantages pros/cons benefits/risks gain/lose win/lose upload/download import/export "
    "encode/decode encrypt/decrypt install/uninstall connect/disconnect lock/unlock login/logout accept/reject "
    "allow/block show/hide push/pull read/write send/receive save/delete create/delete lend/borrow hire/fire "
    "male/female men/women boys/girls husband/wife mother/father north/south east/west day/night morning/evening "
    "summer/winter old/new young/old fast/slow easy/hard cheap/expensive legal/illegal safe/dangerous early/late "
    "arrive/depart arriving/departing arrival/departure inside/outside with/without including/excluding "
    "positive/negative love/hate like/dislike true/false rich/poor strong/weak right/wrong success/failure "
    "earliest/latest newest/oldest cheapest/priciest ascending/descending deposit/withdraw freeze/unfreeze "
    "activate/deactivate mute/unmute follow/unfollow freeze/melt input/output front/back major/minor "
    "public/private import/export credit/debit profit/loss employer/employee teacher/student").split()]
QUESTION_WORDS = {"who": ("when", "where"), "when": ("where", "why"), "where": ("when", "who"), "why": ("how", "when"),
                  "how": ("why", "when"), "how many": ("which",), "how much": ("how often",)}
NEGATED = {"is": "isn't", "are": "aren't", "can": "can't", "do": "don't", "does": "doesn't", "should": "shouldn't",
           "will": "won't", "did": "didn't", "would": "wouldn't", "could": "couldn't", "was": "wasn't", "has": "hasn't"}
CONTRACTIONS = [("what is", "what's"), ("who is", "who's"), ("where is", "where's"), ("how is", "how's"),
                ("it is", "it's"), ("i am", "i'm"), ("do not", "don't"), ("does not", "doesn't"), ("is not", "isn't"),
                ("can not", "can't"), ("cannot", "can't"), ("i have", "i've"), ("i would", "i'd"), ("let us", "let's"),
                ("are not", "aren't"), ("should not", "shouldn't"), ("that is", "that's"), ("will not", "won't")]
WORDINGS = [("how do i", "how can i"), ("how do i", "how to"), ("how can i", "how to"), ("how do you", "how can you"),
            ("how do you", "how to"), ("how should i", "how do i"), ("what is the best way to", "what's the best way to"),
            ("what are the", "what're the"), ("is it possible to", "can i"), ("tell me", "give me"),
            ("show me", "display"), ("list", "show"), ("explain", "describe"), ("movie", "film"), ("big", "large"),
            ("begin", "start"), ("fix", "repair"), ("quickly", "fast"), ("get rid of", "remove"), ("purchase", "buy"),
            ("kids", "children"), ("required", "needed"), ("difference between", "differences between"),
            ("use", "utilize"), ("job", "work"), ("picture", "photo"), ("learn", "study"), ("company", "firm")]
OPENINGS = ("please {}", "Hi, {}", "Hello! {}", "can you tell me {}", "I want to know {}", "quick question: {}",
            "{} please", "{} Thanks!", "Could you help me? {}", "{} thank you")
QUALIFIERS = ("in India", "in the US", "in Germany", "in Python", "in Java", "for beginners", "for kids", "for free",
              "without money", "in 2016", "on a Mac", "on Windows", "on iPhone", "at home", "at night", "for women",
              "using Excel", "in one week", "in French", "in Spanish", "over 40", "during pregnancy")
STOP_WORDS = set("a an the is are was were be been being do does did can could should would will shall may might must "
                 "have has had i you he she it we they me my your his her its our their this that these those of in on "
                 "at to for from by with about as into and or but not no if so than then there here what which who "
                 "whom whose when where why how many much any some all best good way get make one am s t".split())

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)?\b")


def _replace(match, text, new):
    old = match.group()
    if old.isupper() and len(old) > 1:
        new = new.upper()
    elif old[0].isupper():
        new = new[0].upper() + new[1:]
    return text[:match.start()] + new + text[match.end():]


def _find(word, text):
    return re.search(rf"(?<![\w'-]){re.escape(word)}(?![\w'-])", text, re.IGNORECASE)


class Perturber:
    """Rules over a corpus: its names and words are what is put in place of a name or a word."""

    def __init__(self, texts, rng):
        self.rng = rng
        counts, names = {}, {}
        for text in texts:
            words = _WORD.findall(text)
            if text != text.lower():
                for word in words[1:]:
                    if word[0].isupper() and not word.isupper() and word.lower() not in STOP_WORDS:
                        names[word] = names.get(word, 0) + 1
            for word in words:
                counts[word.lower()] = counts.get(word.lower(), 0) + 1
        self.names = sorted(n for n, c in names.items() if c >= 3 and c > 0.5 * counts.get(n.lower(), 0))
        self.is_name = set(self.names)
        self.words = sorted(w for w, c in counts.items() if 8 <= c <= 4000 and len(w) > 2 and w not in STOP_WORDS)
        self.is_word = set(self.words)
        self.negatives = (self.number, self.calendar, self.unit, self.name, self.negation, self.opposite,
                          self.direction, self.question, self.word, self.word, self.name, self.qualifier)
        self.positives = (self.typo, self.casing, self.punctuation, self.contraction, self.wording, self.opening)

    def negative(self, text):
        """The text with one thing changed that changes the answer; None when no rule fits."""
        for rule in self.rng.sample(self.negatives, len(self.negatives)):
            changed = rule(text)
            if changed and changed.lower() != text.lower():
                return changed
        return None

    def positive(self, text):
        """The text in other letters, by one or two rules; None when no rule fits."""
        changed = text
        for rule in self.rng.sample(self.positives, self.rng.choice((1, 1, 2, 3))):
            changed = rule(changed) or changed
        return changed if changed != text else None

    def number(self, text):
        found = list(_NUMBER.finditer(text))
        if found:
            match = self.rng.choice(found)
            old = match.group()
            if "." in old or "," in old:
                new = old[:-1] + str((int(old[-1]) + self.rng.randint(1, 9)) % 10)
            else:
                value = int(old)
                new = str(max(0, value + self.rng.choice((-3, -2, -1, 1, 2, 3, 5, 10)))) if value > 3 else str(value + self.rng.randint(1, 6))
            return text[:match.start()] + new + text[match.end():]
        for word in NUMBER_WORDS:
            match = _find(word, text)
            if match:
                return _replace(match, text, self.rng.choice([w for w in NUMBER_WORDS if w != word]))
        return None

    def calendar(self, text):
        for group in (MONTHS, DAYS):
            for word in group:
                match = re.search(rf"\b{word}\b", text)
                if match and not (word == "May" and match.start() == 0):
                    return _replace(match, text, self.rng.choice([w for w in group if w != word]))
        return None

    def unit(self, text):
        for group in UNIT_GROUPS:
            for word in group:
                match = _find(word, text)
                if match:
                    return _replace(match, text, self.rng.choice([w for w in group if w != word]))
        return None

    def name(self, text):
        found = [m for m in _WORD.finditer(text) if m.start() > 0 and m.group() in self.is_name]
        if not found:
            return None
        match = self.rng.choice(found)
        return text[:match.start()] + self.rng.choice(self.names) + text[match.end():]

    def negation(self, text):
        for negated in ("not", "never"):
            match = _find(negated, text)
            if match:
                return text[:match.start()].rstrip() + text[match.end():]
        for plain in self.rng.sample(list(NEGATED), len(NEGATED)):
            match = _find(NEGATED[plain], text)
            if match:
                return _replace(match, text, plain)
        found = [(m, w) for w in NEGATED if (m := _find(w, text))]
        if not found:
            return None
        match, word = self.rng.choice(found)
        return _replace(match, text, NEGATED[word])

    def opposite(self, text):
        for one, other in self.rng.sample(OPPOSITES, len(OPPOSITES)):
            for old, new in ((one, other), (other, one)):
                match = _find(old, text)
                # "in", "on", "up" and their like mean little unless a verb of switching stands beside them.
                if match and (len(old) > 3 or re.search(r"\b(turn|switch|log|sign|scale|roll|shut|go|opt)\w*\b", text, re.I)):
                    return _replace(match, text, new)
        return None

    def direction(self, text):
        match = (re.search(r"\bfrom ([\w.]+(?: [\w.]+)?) to ([\w.]+)", text)
                 or re.search(r"\b(?:convert|translate|change|turn) ([\w.]+) (?:to|into) ([\w.]+)", text, re.I)
                 or re.search(r"\b([\w.]+) than (?:an? |the )?([\w.]+)", text))
        if not match or match.group(1).lower() == match.group(2).lower():
            return None
        (s1, e1), (s2, e2) = match.span(1), match.span(2)
        return text[:s1] + text[s2:e2] + text[e1:s2] + text[s1:e1] + text[e2:]

    def question(self, text):
        match = re.match(r"(how many|how much|who|when|where|why|how)\b(?! (?:to|can|do|is the best))", text, re.I)
        return _replace(match, text, self.rng.choice(QUESTION_WORDS[match.group().lower()])) if match else None

    def word(self, text):
        found = [m for m in _WORD.finditer(text) if m.group().lower() in self.is_word]
        if not found:
            return None
        match = self.rng.choice(found)
        return _replace(match, text, self.rng.choice(self.words))

    def qualifier(self, text):
        stem, end = (text[:-1], text[-1]) if text[-1:] in "?.!" else (text, "")
        return f"{stem} {self.rng.choice(QUALIFIERS)}{end}" if 3 <= len(text.split()) <= 20 else None

    def typo(self, text):
        found = [m for m in _WORD.finditer(text) if len(m.group()) >= 5 and m.group().islower()]
        if not found:
            return None
        match = self.rng.choice(found)
        word, at = match.group(), self.rng.randint(1, len(match.group()) - 3)
        kind = self.rng.randint(0, 3)
        if kind == 0:
            word = word[:at] + word[at + 1] + word[at] + word[at + 2:]
        elif kind == 1:
            word = word[:at] + word[at + 1:]
        elif kind == 2:
            word = word[:at] + word[at] + word[at:]
        else:
            word = word[:at] + self.rng.choice("abcdefghijklmnoprstuvwy") + word[at + 1:]
        return text[:match.start()] + word + text[match.end():]

    def casing(self, text):
        return self.rng.choice((text.lower(), text.lower(), text.upper(), text[:1].lower() + text[1:], text.title()))

    def punctuation(self, text):
        return self.rng.choice((text.rstrip("?.! "), text.rstrip("?.! ") + "??", text.rstrip("?.! ") + " ?",
                                text.replace(",", ""), text.replace("-", " "), text + "."))

    def contraction(self, text):
        for long, short in self.rng.sample(CONTRACTIONS, len(CONTRACTIONS)):
            for old, new in ((long, short), (short, long)):
                match = _find(old, text)
                if match:
                    return _replace(match, text, new)
        return None

    def wording(self, text):
        for one, other in self.rng.sample(WORDINGS, len(WORDINGS)):
            for old, new in ((one, other), (other, one)):
                match = _find(old, text)
                if match:
                    return _replace(match, text, new)
        return None

    def opening(self, text):
        form = self.rng.choice(OPENINGS)
        return form.format(text if form.startswith("{") or text[:2].isupper() else text[:1].lower() + text[1:])
