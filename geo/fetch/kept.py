"""Keeps each answer of an unfinished fetch, named by its question, until the fetch is done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.fetch import frozen

Answer = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """A folder of answers; an interrupted fetch finds there what it need not ask again."""

    folder: Path

    def answer(self, question: Answer, ask: Callable[[], Answer]) -> tuple[Answer, str]:
        """Return the answer to a question and when it was given (ISO 8601, UTC).

        ask is called only when the answer is not kept, or what is kept cannot be read. What ask
        returns is kept; what it raises is not.
        """
        path = self._path(question)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return dict(found["answer"]), str(found["asked_at"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            answer, asked_at = ask(), datetime.now(UTC).isoformat(timespec="seconds")
        text = json.dumps({"asked_at": asked_at, "question": question, "answer": answer})
        frozen.replace({path: text.encode()})
        return answer, asked_at

    def forget(self, questions: list[Answer]) -> None:
        """Take away the answers to these questions, and the folder when it is empty."""
        for question in questions:
            self._path(question).unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _path(self, question: Answer) -> Path:
        whole = json.dumps(question, sort_keys=True, ensure_ascii=False)
        return self.folder / f"{hashlib.sha256(whole.encode()).hexdigest()}.json"
