"""What the session has to say, said over the canvas; questions are buttons on a message."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from editor.filing import Filing
from editor.session import Offer, Session, Told
from editor.ui.widgets import Notice, Notices


class Messages(QObject):
    def __init__(self, notices: Notices, session: Session, filing: Filing, parent: QObject) -> None:
        super().__init__(parent)
        self._notices, self._session = notices, session
        session.told.connect(self.tell)
        session.offered.connect(self._offer)

    @Slot(object)
    def tell(self, told: Told) -> None:
        copy = self.tr("Copy details")
        notice = self._notices.tell(told.sentence, told.kind, (copy,) if told.details else ())
        if told.details:
            Answer(notice, {copy: lambda: QGuiApplication.clipboard().setText(told.details)})

    @Slot(object)
    def _offer(self, offer: Offer) -> None:
        question = self.tr("The picture has changed since {} began.").format(offer.operation.title)
        self.ask(question, {self.tr("Apply it anyway"): lambda: self._session.accept(offer)})

    def ask(self, question: str, answers: dict[str, object]) -> Notice:
        """A question that stays until it is answered; the cross means none of the answers."""
        notice = self._notices.tell(question, "warning", tuple(answers))
        Answer(notice, answers)
        return notice


class Answer(QObject):
    """Does what the chosen button says and takes the message away."""

    def __init__(self, notice: Notice, answers: dict[str, object]) -> None:
        super().__init__(notice)
        self._notice, self._answers = notice, answers
        notice.chosen.connect(self._chosen)

    @Slot(object)
    def _chosen(self, caption: str) -> None:
        answer = self._answers[caption]
        self._notice.dismiss()
        assert callable(answer)
        answer()
