"""Reads one article, sentence by sentence, into draft claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from spacy.tokens import Span, Token

from claims.extraction import answers, cues, extent, gaps, modality, timing
from claims.extraction.agents import AgentResolver
from claims.extraction.attribution import Attributor
from claims.extraction.dates import DateHit, DateReader
from claims.extraction.discourse import Discourse
from claims.extraction.drafts import ATTACKS, Draft, Subjects
from claims.extraction.frames import Found
from claims.extraction.grammar import case_of, low
from claims.extraction.layout import Quote
from claims.extraction.mentions import Agent
from claims.extraction.nouns import NounReader
from claims.extraction.places import Homonyms, PlaceFinder
from claims.extraction.predicates import PredicateFinder
from claims.extraction.records import Article, PlaceRef
from claims.extraction.sides import Sides
from claims.extraction.speech import Speech, covers, finer, speaker_of
from claims.extraction.view import View


@dataclass(slots=True)
class QuoteSpeaker:
    """Who speaks a quotation, and when it was said."""

    agent: Agent | None
    said: DateHit | None


@dataclass(slots=True)
class Sentence:
    """What was found in one sentence: `events` who speaks, `found` the statements, `dates`."""

    number: int
    span: Span
    view: View
    start: int
    end: int
    events: list[Speech]
    found: list[Found]
    dates: list[DateHit]
    said: dict[int, DateHit | None] = field(default_factory=dict)


class Reader:
    """Reads the parsed paragraphs of one article."""

    def __init__(
        self,
        article: Article,
        views: Sequence[View],
        quotes: Sequence[Quote],
        sides: Sides,
        resolver: AgentResolver,
        homonyms: Homonyms,
        discourse: Discourse,
    ) -> None:
        self.article = article
        self.views = views
        self.quotes = quotes
        self.sides = sides
        self.resolver = resolver
        self.homonyms = homonyms
        self.discourse = discourse
        self.dates = DateReader(article.published)
        self.subjects = Subjects(sides)
        self.drafts: list[Draft] = []
        self.quoted: dict[int, QuoteSpeaker] = {}
        self.heading: DateHit | None = None
        self.document_speaker: Agent | None = None
        self.number = 0
        self.finder: PlaceFinder  # of the paragraph that is being read

    def read(self) -> list[Draft]:
        """The draft claims of the article, in order."""
        finders = [PlaceFinder(view, self.homonyms, self.discourse) for view in self.views]
        self._towns(finders)
        for view, finder in zip(self.views, finders, strict=True):
            self._paragraph(view, finder)
        return self.drafts

    def _towns(self, finders: Sequence[PlaceFinder]) -> None:
        """Where the article names towns, before any "the town" is read."""
        for finder in finders:
            view = finder.view
            self.discourse.sentences += [view.start(sent[0]) for sent in view.doc.sents]
            for token in view.doc:
                one = finder.named(token)
                one = one or finder.sector(token)
                if one is not None and not _aside(token, view):
                    self.discourse.towns.append((view.start(token), one.place))
        self.discourse.towns += [
            (view.start(view.doc[0]), place) for view in self.views for place in self.heads(view)
        ]
        self.discourse.towns.sort(key=lambda pair: pair[0])

    def heads(self, view: View) -> list[PlaceRef]:
        """The towns that a paragraph's head in capitals names."""
        return [self.homonyms.resolve(m) for m in view.head_places]

    # --- paragraphs and sentences -----------------------------------------------------------

    def _paragraph(self, view: View, finder: PlaceFinder) -> None:
        text = self.article.text
        if heading := timing.heading(text, view.block, self.dates):
            self.heading = heading
            return
        if self.document_speaker is not None and _ends_full_text(text, view):
            self.document_speaker = None
        self.discourse.heading_places = self.heads(view)
        nouns = NounReader(view, self.resolver, self.discourse, self.article.publisher)
        attributor = Attributor(nouns)
        predicates = PredicateFinder(finder, nouns)
        self.finder = finder
        sentences: list[Sentence] = []
        for span in view.doc.sents:
            sentence = self._sentence(span, view, attributor, predicates)
            sentences.append(sentence)
            self._quote_speakers(sentence, sentences)
        for sentence in sentences:
            self._statements(sentence, sentences)
        for sentence in sentences:
            self._full_text(sentence)

    def _sentence(
        self, span: Span, view: View, attributor: Attributor, predicates: PredicateFinder
    ) -> Sentence:
        start, end = view.start(span[0]), view.end(span[-1])
        self.discourse.at = start
        self.number += 1
        if self.document_speaker is not None:
            self.discourse.speaker = self.document_speaker
        events = attributor.events(span)
        speaking = self._speaking(span, view, events)
        if speaking is not None:
            self.discourse.speaker = speaking
        found = list(predicates.find(span))
        dates = self.dates.read(self.article.text, start, end)
        sentence = Sentence(self.number, span, view, start, end, events, found, dates)
        for event in events:
            sentence.said[event.at] = timing.said(event, sentence.dates, view, events)
        return sentence

    def _speaking(self, span: Span, view: View, events: Sequence[Speech]) -> Agent | None:
        """Who "we" and "the enemy" are spoken by in this sentence."""
        for event in events:
            if event.agent is not None and not event.noun:
                return event.agent
        for token in span:
            number = view.quote[token.i]
            if number in self.quoted:
                return self.quoted[number].agent
        return None

    def _quote_speakers(self, sentence: Sentence, before: Sequence[Sentence]) -> None:
        """Note who speaks the quotations of a sentence."""
        view = sentence.view
        numbers = dict.fromkeys(q for t in sentence.span if (q := view.quote[t.i]) >= 0)
        for number in numbers:
            outside = [
                e
                for e in sentence.events
                if not e.noun and view.quote[e.at] != number and e.stance != "unconfirmed"
            ]
            inside = [t for t in sentence.span if view.quote[t.i] == number]
            reaching = [e for e in outside if covers(e, inside[0]) or covers(e, inside[-1])]
            chosen = reaching[-1:] or outside[-1:]
            if chosen:
                event = chosen[0]
                self.quoted[number] = QuoteSpeaker(event.agent, sentence.said[event.at])
            elif number not in self.quoted and (last := self._last_quote(before)) is not None:
                self.quoted[number] = last

    def _last_quote(self, before: Sequence[Sentence]) -> QuoteSpeaker | None:
        """The speaker of the last quotation of the paragraph, or whoever spoke last in it."""
        for sentence in reversed(before[:-1]):
            for token in reversed(list(sentence.span)):
                number = sentence.view.quote[token.i]
                if number in self.quoted:
                    return self.quoted[number]
            for event in reversed(sentence.events):
                if event.agent is not None:
                    return QuoteSpeaker(event.agent, sentence.said[event.at])
        if self.quoted:
            return self.quoted[max(self.quoted)]
        if self.discourse.speaker is not None:
            return QuoteSpeaker(self.discourse.speaker, None)
        return None

    # --- statements -------------------------------------------------------------------------

    def _statements(self, sentence: Sentence, paragraph: Sequence[Sentence]) -> None:
        if _is_subheading(self.article.text, sentence):
            return
        before = len(self.drafts)
        denial = answers.judgement(sentence.span)
        for found in sentence.found:
            event = speaker_of(found.trigger, sentence.events)
            self._statement(sentence, found, event, denial)
        for located, token, draft in gaps.the_same(
            sentence.span, self.finder, self.drafts[:before]
        ):
            found = Found(token, draft.predicate, located, draft.subject, "the same")
            self._statement(sentence, found, speaker_of(token, sentence.events), denial)
        own = self.drafts[before:]
        self.drafts += list(answers.answers(self, sentence, own, denial))

    def _statement(
        self, sentence: Sentence, found: Found, event: Speech | None, denial: str
    ) -> None:
        if event is not None and event.silent:
            return
        judged = modality.judge(found.trigger, noun=found.noun)
        if judged.open and not answers.decided(found, judged.open):
            return
        speaker, said = self.claimant(sentence, found.trigger, event)
        stance = event.stance if event is not None else "asserts"
        report = answers.report_noun(found.trigger, sentence.events)
        if report is not None:
            if denial:
                stance = "denies"
            elif stance == "asserts":
                return
        if judged.negated:
            stance = "denies" if stance == "asserts" else stance
        outer = self._outer(sentence, event) if event is not None and event.noun else None
        inner = event.agent if event is not None else None
        if outer is not None and found.subject is None and found.predicate in ATTACKS:
            found = replace(found, subject=self._rival(outer.agent) or inner)
        draft = self._draft(sentence, found, speaker, said, stance, event)
        self.drafts.append(self.subjects.complete(draft, self.drafts))
        if outer is not None:
            said = sentence.said[outer.at]
            draft = self._draft(sentence, found, outer.agent, said, outer.stance, outer)
            self.drafts.append(self.subjects.complete(draft, self.drafts))

    def _outer(self, sentence: Sentence, inner: Speech) -> Speech | None:
        """Who answers a claim that a noun reports: "rejected Russia's claim that …"."""
        others = [e for e in sentence.events if e is not inner]
        outer = speaker_of(sentence.span.doc[inner.at], others)
        return None if outer is None or outer.stance == "asserts" or outer.noun else outer

    def _rival(self, denier: Agent | None) -> Agent | None:
        """Whom a denial of a change concerns: the denier's enemy, where there is but one."""
        side = self.sides.of(denier)
        rivals = self.sides.opponents(side) if side else []
        return self.sides.representative(rivals[0]) if len(rivals) == 1 else None

    def claimant(
        self, sentence: Sentence, token: Token, event: Speech | None
    ) -> tuple[Agent | None, DateHit | None]:
        if event is not None:
            event = finer(event, token, sentence.events, self.sides)
            return event.agent, sentence.said[event.at]
        number = sentence.view.quote[token.i]
        if number in self.quoted:
            return self.quoted[number].agent, self.quoted[number].said
        return self.document_speaker, None

    def _draft(
        self,
        sentence: Sentence,
        found: Found,
        claimant: Agent | None,
        said: DateHit | None,
        stance: str,
        event: Speech | None,
    ) -> Draft:
        asserted, precision = self.asserted(said, claimant)
        about = None
        if stance == "asserts":
            about = timing.about(found, sentence.dates, sentence.view, sentence.events, event)
            if about is None and claimant is None:
                about = self.heading
            if about is not None and about.day > asserted:
                about = None
        start, end = evidence_span(sentence, found.trigger, event)
        located = found.located
        return Draft(
            place=located.place,
            part=extent.read(
                self.article.text, sentence.view, located.around, located.token, located.part
            ),
            predicate=found.predicate,
            subject=found.subject,
            claimant=claimant,
            stance=stance,  # type: ignore[arg-type]
            asserted_on=asserted,
            asserted_precision=precision,  # type: ignore[arg-type]
            event=about,
            start=start,
            end=end,
            cue=found.cue,
            confidence=confidence(found, claimant, event),
            sentence=sentence.number,
        )

    def asserted(self, said: DateHit | None, claimant: Agent | None) -> tuple[date, str]:
        """The day on which a claimant said it, and its precision."""
        if said is not None:
            return said.day, said.precision
        if claimant is not None and self.heading is not None:
            return self.heading.day, "day"
        return self.dates.today, "day"

    def _full_text(self, sentence: Sentence) -> None:
        """Notice that the paragraphs that follow are somebody's own text."""
        verbs = cues.inflected("speech", "full_text", "verbs")
        told = {low(token) for token in sentence.span}
        if not (
            told & cues.words("speech", "full_text", "words")
            and told & cues.words("speech", "full_text", "nouns")
        ):
            return
        for token in sentence.span:
            if low(token) in verbs:
                nouns = NounReader(
                    sentence.view, self.resolver, self.discourse, self.article.publisher
                )
                attributor = Attributor(nouns)
                head = attributor.speaker_head(token)
                agent = attributor.nouns.of_noun(head, claimant=True) if head is not None else None
                if agent is not None and self.sides.of(agent):
                    self.document_speaker = agent
                    return


def evidence_span(sentence: Sentence, trigger: Token, event: Speech | None) -> tuple[int, int]:
    """The characters that carry a statement: its sentence, or, where a sentence has several
    speakers, the stretch of its own."""
    if len(sentence.events) < 2:
        return sentence.start, sentence.end
    others = sorted(e.start for e in sentence.events if e is not event and not e.noun)
    anchor = min(trigger.i, event.start) if event is not None else trigger.i
    last = max(trigger.i, event.at) if event is not None else trigger.i
    view = sentence.view
    first = max((o for o in others if o <= anchor), default=sentence.span.start)
    if event is not None and event.reach != "backward" and event.start <= trigger.i:
        first = event.start
    after = min((o for o in others if o > last), default=sentence.span.end)
    return view.spans[first][0], view.spans[after - 1][1]


def confidence(found: Found, claimant: Agent | None, event: Speech | None) -> float:
    """How sure a reading is, from 0 to 1: what was told by words rather than inferred."""
    score = 0.9
    if found.noun:
        score -= 0.15
    if found.predicate != "fighting" and found.subject is None:
        score -= 0.15
    if found.located.place.key is None:
        score -= 0.1
    if found.located.place.ambiguous:
        score -= 0.2
    if event is not None and claimant is not None and claimant.actor is None:
        score -= 0.1
    return max(score, 0.1)


def _aside(token: Token, view: View) -> bool:
    """Whether a town is named only as a landmark, a seat or somebody's address."""
    mention = view.mention(token)
    if mention is not None and mention.metonym:
        if token.dep_ in ("nsubj", "nmod:poss", "compound", "nsubj:pass"):
            return True
        if case_of(token) in ("in", "from", "to", "at"):
            return True
    case = case_of(token)
    if case in ("near", "from", "towards", "toward", "outside", "beyond", "between"):
        return True
    before = [low(token.doc[i]) for i in range(max(token.sent.start, token.i - 2), token.i)]
    return (
        len(before) == 2
        and before[1] in ("of", "from", "to")
        and (before[0] in cues.words("places", "beside", "relations"))
    )


def _is_subheading(text: str, sentence: Sentence) -> bool:
    """Whether a paragraph is a title within the text: a few words without an end."""
    block = sentence.view.block
    words = text[block.start : block.end].split()
    whole = block.body == block.start and len(words) <= 7
    return whole and words[-1][-1].isalnum()


def _ends_full_text(text: str, view: View) -> bool:
    beginning = text[view.block.start : view.block.start + 40].lower().lstrip()
    return any(beginning.startswith(end) for end in cues.words("speech", "full_text", "ends"))
