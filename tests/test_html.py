"""The page's HTML, built from records alone: no engine, no browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.errors import NotesFolderEmpty
from assistant.faces.pictures import find_picture, picture_address
from assistant.faces.ui import html, panel
from assistant.faces.ui.examples import example_questions
from assistant.faces.ui.markup import format_lines, format_quote, inline, plain
from assistant.faces.ui.welcome import first_minute
from assistant.messages import CATALOGUE, Language
from assistant.records import (
    Answer,
    Citation,
    OutlineSection,
    Place,
    RefreshReport,
    SectionView,
    Side,
    SourceLine,
    Status,
)

EVIL = "\"><img src=x onerror=alert(1)>'</script><script>alert(2)</script>${alert(3)}{{alert(4)}}"


class _Tags(HTMLParser):
    """Collects elements and their attributes, and checks that what is opened is closed."""

    void = frozenset({"img", "br", "hr", "path", "rect", "circle", "stop"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.void:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, css_class: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.found if css_class in (attrs.get("class") or "").split()]


def _cite(n: int, line: int, quote: str, path: tuple[str, ...] = ("通信", "TLS"), **more: object) -> Citation:
    values: dict[str, object] = {"file": "net.md", "line_end": line, "score": 0.5} | more
    return Citation(n=n, line_start=line, heading_path=path, quote=quote, **values)  # type: ignore[arg-type]


def _answer(**values: object) -> Answer:
    base: dict[str, object] = {"question": "問い", "kind": "lookup", "status": "answered", "support": 0.8, "text": ""}
    return Answer(**(base | values))  # type: ignore[arg-type]


def _view(*lines: str, start: int = 10, path: tuple[str, ...] = ("通信", "TLS")) -> SectionView:
    numbered = tuple(SourceLine(number, text) for number, text in enumerate(lines, start))
    return SectionView("net.md", path, start, start + len(lines) - 1, numbered, None, Place("net.md", 40, 44))


def _no_picture(_: str) -> str | None:
    return None


def test_every_text_of_the_page_exists_in_both_languages() -> None:
    for key, (japanese, english) in CATALOGUE.items():
        if key.startswith("web."):
            assert japanese.strip()
            assert english.strip()
            assert re.findall(r"{(\w+)", japanese).sort() == re.findall(r"{(\w+)", english).sort()


def test_lookup_names_places_by_file_and_line() -> None:
    tags = _Tags(html.answer(_answer(citations=(_cite(1, 12, "握手は一往復"), _cite(2, 30, "証明書"))), "ja"))
    (chip, _) = tags.having("nq-chip")
    assert (chip["data-file"], chip["data-line"], chip["data-hl"], chip["data-n"]) == ("net.md", "12", "12-12", "1")
    assert [row["data-line"] for row in tags.having("nq-source")] == ["12", "30"]
    assert "根拠 2 件" in tags.text
    assert "確かさ 80 %" in tags.text


def test_quotes_of_one_section_share_a_card() -> None:
    citations = (_cite(1, 12, "a"), _cite(2, 13, "b"), _cite(3, 50, "c", ("通信", "QUIC")))
    tags = _Tags(html.answer(_answer(kind="list", citations=citations), "ja"))
    assert len(tags.having("nq-card")) == 2
    assert len(tags.having("nq-source")) == 3


def test_the_other_places_of_a_section_can_be_opened() -> None:
    cited = _cite(1, 12, "a", also=(Place("old/net.md", 3, 5),))
    (link,) = _Tags(html.answer(_answer(citations=(cited,)), "ja")).having("nq-also")
    assert (link["data-file"], link["data-line"], link["data-hl"]) == ("old/net.md", "3", "3-5")


def test_comparison_has_one_column_a_side_and_says_what_is_missing() -> None:
    sides = (Side("TLS", (1,)), Side("SSH", ()))
    shown = html.answer(_answer(kind="comparison", citations=(_cite(1, 12, "握手"),), sides=sides), "ja")
    tags = _Tags(shown)
    assert [tag for tag, _ in tags.found].count("th") == 2
    assert [attrs["data-side"] for tag, attrs in tags.found if tag == "td"] == ["TLS", "SSH"]
    assert "ノートに記述なし" in tags.text


def test_not_found_says_what_to_do_and_leads_to_the_nearest_headings() -> None:
    tags = _Tags(html.answer(_answer(status="not_found", related=(_cite(1, 12, "x"),)), "ja"))
    assert "ノートには見つかりませんでした" in tags.text
    (near,) = tags.having("nq-near")
    assert (near["data-line"], near["data-hl"]) == ("12", "")
    assert not tags.having("nq-source")
    assert any(attrs.get("data-copy") == "## 問い\n- " for _, attrs in tags.found)


def test_related_shows_quotes_without_claiming_an_answer() -> None:
    tags = _Tags(html.answer(_answer(status="related", related=(_cite(1, 12, "近い行"),)), "ja"))
    assert "はっきりした答えはありません" in tags.text
    assert "近い行" in tags.text
    assert not tags.having("nq-support")


def test_empty_heading_is_cited_without_a_score() -> None:
    tags = _Tags(html.answer(_answer(status="empty_heading", citations=(_cite(1, 12, "TLS"),)), "ja"))
    assert "見出しはありますが本文がありません" in tags.text
    assert len(tags.having("nq-source")) == 1
    assert not tags.having("nq-bar")


def test_error_is_one_line() -> None:
    tags = _Tags(html.error(NotesFolderEmpty(folder=EVIL), "ja"))
    assert not [tag for tag, _ in tags.found if tag in ("img", "script")]
    assert ".md" in tags.text


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("status", ["answered", "related", "empty_heading", "not_found"])
@pytest.mark.parametrize("kind", ["lookup", "list", "comparison"])
def test_nothing_from_notes_or_questions_becomes_markup(language: Language, status: str, kind: str) -> None:
    cited = _cite(1, 3, EVIL, (EVIL, EVIL), file=EVIL, also=(Place(EVIL, 1, 2),))
    result = _answer(
        question=EVIL, kind=kind, status=status, citations=(cited,), related=(cited,), sides=(Side(EVIL, (1,)),)
    )
    shown = html.question(EVIL) + html.answer(result, language)
    allowed = {"article", "button", "circle", "div", "i", "li", "ol", "p", "path", "rect", "small", "span", "strong"}
    allowed |= {"svg", "table", "tbody", "td", "th", "thead", "tr", "ul"}
    tags = _Tags(shown)
    assert {tag for tag, _ in tags.found} <= allowed
    assert not [name for _, attrs in tags.found for name in attrs if name.startswith("on")]


def test_panel_shows_source_lines_with_the_cited_ones_marked() -> None:
    view = _view("## TLS", "- 握手は**一往復**", "```", "# not a heading", "```", "", "おわり")
    shown = panel.section(view, "ja", _no_picture, anchor=11, highlight=(11, 11), number="1")
    tags = _Tags(shown)
    assert [line["data-number"] for line in tags.having("nq-line")] == [str(n) for n in range(10, 17)]
    assert [line["data-number"] for line in tags.having("nq-on")] == ["11"]
    assert len(tags.having("nq-is-heading")) == 1
    assert len(tags.having("nq-is-code")) == 3
    assert any(attrs.get("data-copy") == "net.md:11" for _, attrs in tags.found)
    before, after = tags.having("nq-step")
    assert "disabled" in before
    assert (after["data-file"], after["data-line"]) == ("net.md", "40")


def test_panel_marks_words_and_leads_to_the_editor() -> None:
    view = _view("## TLS", "- 握手は一往復")
    shown = panel.section(view, "ja", _no_picture, question="握手は？", editor='vscode://file/"x".md:11')
    assert "<mark>握手</mark>" in shown
    (link,) = _Tags(shown).having("nq-editor")
    assert link["href"] == 'vscode://file/"x".md:11'
    assert not _Tags(panel.section(view, "ja", _no_picture)).having("nq-editor")


def test_panel_of_a_heading_alone_says_so() -> None:
    assert "本文はありません" in panel.section(_view("## TLS"), "ja", _no_picture)
    assert "本文はありません" not in panel.section(_view("一行だけのメモ", path=()), "ja", _no_picture)


def test_panel_escapes_every_kind_of_line() -> None:
    marks = ("# ", "- ", "> ", "| a | ", "1. ", "- [ ] ", "```", "", "**", "`", "![", "![[")
    view = _view(*[mark + EVIL + end for mark in marks for end in ("", " |", "**", "`", "](x.png)", "]]")])
    tags = _Tags(panel.section(view, "ja", lambda target: "/note-image/x.png?" + target))
    assert "script" not in {tag for tag, _ in tags.found}
    assert not [name for _, attrs in tags.found for name in attrs if name.startswith("on")]
    assert all((attrs.get("src") or "").startswith("/note-image/") for tag, attrs in tags.found if tag == "img")


def test_a_very_long_section_is_shown_in_portions() -> None:
    view = _view(*[f"行 {number}" for number in range(1, 2001)], start=1, path=())
    tags = _Tags(panel.section(view, "ja", _no_picture, anchor=1000, highlight=(1000, 1001)))
    shown = [int(line["data-number"] or 0) for line in tags.having("nq-line")]
    assert len(shown) == 400
    assert {1000, 1001} <= set(shown)
    back, on = tags.having("nq-more")
    assert int(back["data-line"] or 0) < shown[0]
    assert int(on["data-line"] or 0) == shown[-1] + 1


def test_rows_of_one_table_share_their_columns() -> None:
    lines = [SourceLine(n, t) for n, t in enumerate(("| 名 | 説明 |", "|---|---|", "| a | とても長い説明 |", "後"), 1)]
    head, divider, row, after = format_lines(lines, "ja", _no_picture)
    assert [head.kind, divider.kind, row.kind, after.kind] == ["row", "rule", "row", "text"]
    columns = re.compile(r"--columns:[^\"]+")
    assert columns.findall(head.html) == columns.findall(row.html) != []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a **b** c", "a <strong>b</strong> c"),
        ("`<b>` と 2**3", "<code>&lt;b&gt;</code> と 2**3"),
        ("x<br/>y", "x<br>y"),
        ("[札](https://example.com)", "[札](https://example.com)"),
        ("**<i>**", "<strong>&lt;i&gt;</strong>"),
        ("``a`b`` と ```c`", "<code>a`b</code> と ```c`"),
        ("![図 [1]](a.png)", '<span class="nq-nopicture">画像: 図 [1]</span>'),
    ],
)
def test_inline(text: str, shown: str) -> None:
    assert inline(text, "ja") == shown


def test_quotes_keep_their_lines_and_cells() -> None:
    assert format_quote("一\n二", "ja") == "一<br>二"
    cells = format_quote("| 鍵 | 開けるもの |", "ja")
    assert re.sub("<[^>]+>", "/", cells) == "鍵//開けるもの"
    assert plain("**TLS** の `設定`") == "TLS の 設定"


def test_header_counts_or_complains() -> None:
    status = Status("n", "i", 2, 1234, 0, 0, "m", None, 0)
    assert "2 ファイル・1,234 節" in html.header(status, "ja")
    assert "&lt;b&gt;" in html.header(None, "ja", "<b>")


def test_the_header_says_who_can_open_the_page() -> None:
    status = Status("n", "i", 2, 1234, 0, 0, "m", None, 0)
    assert "この端末の中だけ" in html.header(status, "ja")
    public = html.header(status, "ja", private=False)
    assert "この端末の中だけ" not in public
    assert "ネットワークに公開中" in public
    kept = [first_minute("", Path("n"), "en", samples=False, private=private) for private in (True, False)]
    assert ["leave this computer" in text for text in kept] == [True, False]


def test_what_changed_is_told_without_what_did_not() -> None:
    status = Status("n", "i", 2, 1234, 0, 0, "m", None, 0)
    report = RefreshReport(2, 0, 1, 0, 5, 5, 1, 0.1, different=("<a>.md",))
    shown = html.header(status, "ja", changed=report, change=4)
    assert "（更新 1）: &lt;a&gt;.md" in shown
    assert 'data-change="4"' in shown
    assert "data-reopen" not in shown
    assert "data-reopen" in html.header(status, "ja", changed=report, change=4, reopen=True)


def test_an_answer_from_before_a_change_says_so() -> None:
    answer = _answer(citations=(_cite(1, 5, "証明書で確かめる。"),), pending_files=3)
    assert "変更された 3 ファイル" in html.answer(answer, "ja")
    assert "nq-pending" not in html.answer(_answer(citations=answer.citations), "ja")


@pytest.mark.parametrize("quote", ["確かめる。", "`code`", "a & b", "**強調**", "末尾 ", "<", "x"])
def test_a_number_stays_with_the_end_of_its_quote(quote: str) -> None:
    shown = html.answer(_answer(citations=(_cite(1, 5, quote),)), "ja")
    read = _Tags(shown)
    assert re.sub("<[^>]+>", "", format_quote(quote, "ja")) + "1" in shown_text(shown)
    assert len(read.having("nq-chip")) == 1


def shown_text(shown: str) -> str:
    return re.sub("<[^>]+>", "", shown)


def test_examples_come_from_the_notes() -> None:
    names = ["TLS", "QUIC", "SSH", "概要", "やりたいこと", "VPN", "DNS"]
    outline = [OutlineSection("a.md", ("通信", n), 2, i, i, "ok") for i, n in enumerate(names, 1)]
    questions = example_questions(outline, "ja")
    assert len(questions) == 4
    assert "TLSとQUICの違いは？" in questions
    assert not any("概要" in question or "やりたい" in question for question in questions)
    assert sum("違い" in question for question in questions) == 1
    assert example_questions([], "ja") == []


def test_pictures_stay_below_the_notes_folder(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    (notes / "sub" / "絵 と 図").mkdir(parents=True)
    (notes / ".hidden").mkdir()
    for name in ("sub/絵 と 図/a 1.png", "b.webp", ".hidden/c.png", "evil.svg", "note.md", "100%.png"):
        (notes / name).write_bytes(b"x")
    (tmp_path / "secret.png").write_bytes(b"x")
    (notes / "link.png").symlink_to(tmp_path / "secret.png")
    assert find_picture(notes, "sub/絵 と 図/a 1.png") is not None
    assert find_picture(notes, "sub/%E7%B5%B5%20と 図/a 1.png") is not None
    assert find_picture(notes, "100%.png") is not None
    refused = ["../secret.png", "link.png", "%2e%2e/secret.png", str(tmp_path / "secret.png"), ".hidden/c.png"]
    for rel in [*refused, "evil.svg", "note.md", "", ".", "sub", "a\0.png", "no.png"]:
        assert find_picture(notes, rel) is None, rel
    address = picture_address(notes, "sub/a.md", "絵 と 図/a 1.png")
    assert address == "/note-image/sub/%E7%B5%B5%20%E3%81%A8%20%E5%9B%B3/a%201.png"
    assert picture_address(notes, "sub/a.md", "b.webp") == "/note-image/b.webp"  # as wiki embeds are written
    assert picture_address(notes, "sub/a.md", "../b.webp") == "/note-image/b.webp"
    for target in ("https://example.com/b.webp", "//example.com/b.webp", "data:image/png;base64,x", "../../secret.png"):
        assert picture_address(notes, "sub/a.md", target) is None, target
