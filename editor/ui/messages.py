"""What the session has to say, said over the canvas; questions are buttons on a message."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from editor.news import Offer, Told, Working
from editor.session import Session
from editor.ui.widgets import Notice, Notices


class Messages(QObject):
    def __init__(self, notices: Notices, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._notices, self._session = notices, session
        self._offers: list[Notice] = []  # about what has just been made
        session.working.connect(self._begun)
        session.told.connect(self.tell)
        session.results.offered.connect(self._offer)

    @Slot(object)
    def tell(self, told: Told) -> None:
        answers: dict[str, object] = {self.tr(one): do for one, do in told.answers.items()}
        if told.details:
            details = told.details
            answers[self.tr("Copy details")] = lambda: QGuiApplication.clipboard().setText(details)
        if told.answers:
            self._forget_offers()
        notice = self._notices.tell(told.sentence, told.kind, tuple(answers))
        if answers:
            Answer.to(notice, answers)
        if told.answers:
            self._offers.append(notice)
            notice.closed.connect(self._closed)

    @Slot(object)
    def _begun(self, working: Working | None) -> None:
        """Something else may be made from now on."""
        if working is not None and working.seconds == 0:
            self._forget_offers()

    def _forget_offers(self) -> None:
        for notice in list(self._offers):
            notice.dismiss()

    @Slot()
    def _closed(self) -> None:
        self._offers.remove(self.sender())  # type: ignore[arg-type]

    @Slot(object)
    def _offer(self, offer: Offer) -> None:
        question = self.tr("The picture has changed since {} began.").format(offer.operation.title)
        accept = self._session.results.accept
        self.ask(question, {self.tr("Apply it anyway"): lambda: accept(offer)})

    def ask(self, question: str, answers: Mapping[str, object]) -> Notice:
        """A question that stays until it is answered; the cross means none of the answers."""
        notice = self._notices.tell(question, "warning", tuple(answers))
        Answer.to(notice, answers)
        return notice


class Answer(QObject):
    """Does what the chosen button says and takes the message away."""

    def __init__(self, notice: Notice, answers: Mapping[str, object]) -> None:
        super().__init__(notice)
        self._notice, self._answers = notice, answers
        notice.chosen.connect(self._chosen)

    @classmethod
    def to(cls, notice: Notice, answers: Mapping[str, object]) -> None:
        """Of a question that is asked again while it is still there, the newest answers count."""
        there = notice.findChild(cls)
        if there is None:
            cls(notice, answers)
        else:
            there._answers = answers

    @Slot(object)
    def _chosen(self, caption: str) -> None:
        answer = self._answers[caption]
        self._notice.dismiss()
        assert callable(answer)
        answer()
