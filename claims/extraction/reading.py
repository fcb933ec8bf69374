"""Reads one article, sentence by sentence, into draft claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.extraction import cues
from claims.extraction.actors.agents import AgentResolver
from claims.extraction.actors.discourse import Discourse
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.nouns import NounReader
from claims.extraction.actors.sides import Sides
from claims.extraction.drafting import Drafter
from claims.extraction.drafts import ATTACKS, Draft, Subjects
from claims.extraction.places.finder import PlaceFinder
from claims.extraction.places.homonyms import Homonyms
from claims.extraction.places.roles import is_landmark, nouns_of
from claims.extraction.places.topics import Topics
from claims.extraction.records import Article, PlaceRef, Stance
from claims.extraction.sentences import Sentence
from claims.extraction.speech import verdicts
from claims.extraction.speech.answers import Answers
from claims.extraction.speech.attribution import Attributor
from claims.extraction.speech.events import Speech, report_noun, speaker_of
from claims.extraction.speech.verdicts import Verdict
from claims.extraction.speech.voices import Voice, Voices
from claims.extraction.statements import gaps, modality
from claims.extraction.statements.frames import Found
from claims.extraction.statements.predicates import PredicateFinder
from claims.extraction.text.grammar import low
from claims.extraction.text.tokens import Span
from claims.extraction.text.view import View
from claims.extraction.times.days import Days
from claims.extraction.trace import Trace

_QUESTION = 8  # words that a question about a town may have ("And what about X?")


class Reader:
    """Reads the parsed paragraphs of one article."""

    def __init__(
        self,
        article: Article,
        views: Sequence[View],
        sides: Sides,
        resolver: AgentResolver,
        homonyms: Homonyms,
        discourse: Discourse,
    ) -> None:
        self.article = article
        self.views = views
        self.sides = sides
        self.resolver = resolver
        self.homonyms = homonyms
        self.discourse = discourse
        self.days = Days(article.text, article.published)
        self.voices = Voices(sides, discourse)
        self.drafter = Drafter(article.text, self.days)
        self.answers = Answers(sides, resolver, discourse, self.voices, self.drafter)
        self.subjects = Subjects(sides)
        self.trace = Trace()
        self.drafts: list[Draft] = []
        self.sentences: list[Sentence] = []
        self.number = 0

    def read(self) -> None:
        """Fill `drafts` with the draft claims of the article, in order."""
        finders = [PlaceFinder(view, self.homonyms, self.discourse) for view in self.views]
        self._towns(finders)
        topics = Topics(self.article.text)
        for number, finder in enumerate(finders, 1):
            topics.enter(finder, self._heads(finder.view), last=number == len(finders))
            self._paragraph(finder)
        self.drafts = self.subjects.settle(self.drafts)

    def _towns(self, finders: Sequence[PlaceFinder]) -> None:
        """Where the article names towns, before any "the town" is read."""
        towns = self.discourse.towns
        for finder in finders:
            view = finder.view
            towns.sentences += [view.start(sent[0]) for sent in view.doc.sents]
            for place in self._heads(view):
                towns.see(view.start(view.doc[0]), place)
            for token in view.named:
                one = finder.named(token) or finder.sector(token)
                if one is None:
                    continue
                towns.called[one.place.name] |= nouns_of(token)
                note = towns.see_landmark if is_landmark(token, view) else towns.see
                note(view.start(token), one.place)
                if token.sent[-1].text == "?" and len(token.sent) <= _QUESTION:
                    towns.asked.append((view.start(token), one.place))

    def _heads(self, view: View) -> list[PlaceRef]:
        """The towns that a paragraph's head in capitals names."""
        return [self.homonyms.resolve(m) for m in view.head_places]

    # --- paragraphs and sentences -----------------------------------------------------------

    def _paragraph(self, finder: PlaceFinder) -> None:
        view, text = finder.view, self.article.text
        if self.days.begin_paragraph(view.block):
            return
        self.voices.begin_paragraph(text, view)
        nouns = NounReader(view, self.resolver, self.discourse, self.article.publisher)
        attributor = Attributor(nouns)
        predicates = PredicateFinder(finder, nouns, self.trace)
        sentences: list[Sentence] = []
        for span in view.doc.sents:
            sentence = self._sentence(span, view, attributor, predicates)
            self.voices.note_quotations(sentence, sentences)
            sentences.append(sentence)
        self.voices.note_behind(sentences, attributor)
        for sentence in sentences:
            if not _is_subheading(text, sentence):
                self._statements(sentence, finder)
        self.sentences += sentences
        for sentence in sentences:
            self.voices.note_full_text(sentence, attributor)

    def _sentence(
        self, span: Span, view: View, attributor: Attributor, predicates: PredicateFinder
    ) -> Sentence:
        start, end = view.start(span[0]), view.end(span[-1])
        self.discourse.at = start
        self.number += 1
        self.trace.sentence = self.number
        self.voices.begin_sentence()
        events = attributor.events(span)
        self.voices.hear(span, view, events)
        found = list(predicates.find(span))
        sentence = Sentence(self.number, span, view, start, end, events, found)
        self.days.read(sentence)
        sentence.verdicts = verdicts.find(span, view)
        sentence.judges = {
            one.at.i: attributor.speakers.judge(one.judge, events)
            for one in sentence.verdicts
            if one.judge is not None
        }
        return sentence

    # --- statements -------------------------------------------------------------------------

    def _statements(self, sentence: Sentence, finder: PlaceFinder) -> None:
        before = len(self.drafts)
        self.trace.sentence = sentence.number
        for found in sentence.found:
            self._statement(sentence, found)
        for located, token, draft in gaps.the_same(sentence.span, finder, self.drafts[:before]):
            found = Found(token, draft.predicate, located, draft.subject, "the same")
            self._statement(sentence, found)
        for located, token, draft in list(gaps.followed(sentence.span, finder, self.drafts)):
            found = Found(token, draft.predicate, located, draft.subject, token.text)
            self._statement(sentence, found)
        for draft in list(self.answers.find(sentence, self.drafts, before)):
            self.trace.fired(draft.cue, draft.outline(), outcome="answer")
            self.drafts.append(draft)

    def _statement(self, sentence: Sentence, found: Found) -> None:
        event = speaker_of(found.trigger, sentence.events)
        if event is not None and event.silent:
            self.trace.left_out(found.trigger, f"silence: {sentence.span.doc[event.at].text!r}")
            return
        verdict = verdicts.covering(found.trigger, sentence.verdicts)
        scorned = verdict if event is not None and event.noun else None
        if scorned is not None and scorned.at.i in sentence.judges:
            verdict = None  # "hit back at X's claim that …": X's, and denied
        stance = self._stance(sentence, found, event, verdict)
        if stance is None:
            return
        outer = self._outer(sentence, event) if event is not None and event.noun else None
        if outer is not None and found.subject is None and found.predicate in ATTACKS:
            inner = event.agent if event is not None else None
            found = replace(found, subject=self._rival(outer.agent) or inner)
        voice = self.voices.of(sentence, found.trigger, event)
        if verdict is not None and event is None and verdict.at.i in sentence.judges:
            voice = Voice(sentence.judges[verdict.at.i])
        self._add(self.drafter.statement(sentence, found, voice, stance, event))
        for other in event.others if event is not None else ():
            also = replace(voice, agent=other)
            self._add(self.drafter.statement(sentence, found, also, stance, event))
        if outer is not None:
            voice = Voice(outer.agent, sentence.said[outer.at])
            self._add(self.drafter.statement(sentence, found, voice, outer.stance, outer))
        elif scorned is not None and verdict is None:
            voice = Voice(sentence.judges[scorned.at.i])
            self._add(self.drafter.statement(sentence, found, voice, scorned.stance, event))

    def _stance(
        self, sentence: Sentence, found: Found, event: Speech | None, verdict: Verdict | None
    ) -> Stance | None:
        """How whoever speaks stands to a statement; None, and why, where it is no claim."""
        stance: Stance = event.stance if event is not None else "asserts"
        judged = modality.judge(found.trigger, noun=found.noun)
        untrue = verdict is not None or stance == "denies"
        asked = judged.open in ("whether", "if") and stance == "unconfirmed"
        told = asked or (untrue and _is_report(judged.open, found))
        if judged.open and not told and not _decided(found, judged.open):
            self.trace.left_out(found.trigger, f"no statement of fact: {judged.open!r}")
            return None
        denied = bool(verdicts.denial(sentence.verdicts))
        report = report_noun(found.trigger, sentence.events, untrue=denied)
        if verdict is not None and stance == "asserts":
            stance = verdict.stance
        elif report is not None and denied:
            stance = "denies"
        elif report is not None and stance == "asserts":
            self.trace.left_out(found.trigger, f"nobody's report: {report.text!r}")
            return None
        return "denies" if judged.negated and stance == "asserts" else stance

    def _add(self, draft: Draft) -> None:
        draft = self.subjects.complete(draft, self.drafts)
        self.trace.fired(draft.cue, draft.outline())
        self.drafts.append(draft)

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


def _decided(found: Found, cue: str) -> bool:
    """A withdrawal that its side has decided or ordered counts as one."""
    if found.predicate != "withdrew":
        return False
    decisions = ("decided", "ordered", "agreed", "order", "decision")
    before = found.trigger.doc[max(found.trigger.sent.start, found.trigger.i - 6) : found.trigger.i]
    announced = any(low(t) in _ANNOUNCING for t in found.trigger.sent) and before.text[-2:] == "to"
    headline = announced and len(before) > 1 and before[-2].tag_.startswith("NN")
    if cue in ("would", "will"):
        announcing = (t for t in found.trigger.sent if t.i < found.trigger.i)
        return any(low(t) in _ANNOUNCING for t in announcing)  # "announced they would leave"
    if any(t.tag_ == "MD" for t in before):
        return False
    return cue in decisions or (
        cue == "to" and (headline or any(low(t) in decisions for t in before))
    )


def _is_report(cue: str, found: Found) -> bool:
    """Whether what leaves an event open only names the report that is denied: "talk of a
    retreat"."""
    return found.noun and cue in cues.inflected("modality", "reports", "words")


# "Troops to leave X, army announces".
_ANNOUNCING = cues.all_forms(("announce", "confirm", "declare"))


def _is_subheading(text: str, sentence: Sentence) -> bool:
    """Whether a paragraph is a title within the text: a few words without an end, in which
    nobody speaks, over a paragraph of sentences (more such words would be headlines)."""
    if any(event.agent is not None and not event.silent for event in sentence.events):
        return False
    block = sentence.view.block
    words = text[block.start : block.end].split()
    if block.body != block.start or len(words) > 7 or not words[-1][-1].isalnum():
        return False
    below = text[block.end :].lstrip().partition("\n")[0].rstrip()
    return below.endswith((".", "!", "?", '"', "”", "’", "'", ":"))
