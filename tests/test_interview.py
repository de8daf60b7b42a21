"""``tbt-watch init``: what an officer answers becomes a configuration; what cannot be read is asked again."""

from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.config import Config, load_config
from tbt_watch.errors import ConfigError
from tbt_watch.interview import interview
from tbt_watch.language import Language, load_language

SECTORS = {"fresh-produce": "rau quả tươi", "wood-furniture": "gỗ, nội thất, mây tre", "seafood": "thủy sản"}


@pytest.fixture(scope="module")
def language() -> Language:
    return load_language()


class Officer:
    """Answers by a part of the question, each answer once; everything else with Enter. Remembers what was seen."""

    def __init__(self, answers: Mapping[str, str | list[str]]) -> None:
        self.answers = {
            part: iter([said] if isinstance(said, str) else said) for part, said in answers.items()
        }
        self.asked: list[str] = []
        self.told: list[str] = []

    def ask(self, question: str) -> str:
        self.asked.append(question)
        for part, said in self.answers.items():
            if part in question:
                return next(said)
        return ""

    def tell(self, line: str) -> None:
        self.told.append(line)


def answered(
    path: Path, language: Language, answers: Mapping[str, str | list[str]], lang: str = "vi"
) -> tuple[Config, Officer]:
    officer = Officer(answers)
    interview(path, language, lang, sectors=SECTORS, ask=officer.ask, tell=officer.tell)
    return load_config(path, {}), officer


def test_an_officer_of_hoa_binh_is_in_phu_tho(tmp_path: Path, language: Language) -> None:
    config, officer = answered(
        tmp_path / "config.toml",
        language,
        {
            "tỉnh, thành phố": "Hòa Bình",
            "Địa chỉ của cơ quan": 'Số 1, phố "Mới" \\ tầng 2',
            "điện thoại": "0210 3 123 456",
            "thư điện tử để doanh nghiệp": "tbt@phutho.example.vn",
            "trang thông tin điện tử của": "sokhcn.phutho.example.vn",
            "duyệt": "Có",
            "tuần gửi vào ngày": "thứ 5",
            "tuần gửi lúc": "7h30",
            "không gửi": "20h đến 6 giờ",
            "Telegram": "có",
            "Trang tin sẽ đặt": "https://tbt.phutho.example.vn",
            "lĩnh vực": "3; 1",
        },
    )
    office = config.office
    assert office.province == "Phú Thọ"
    assert office.department == "Sở Khoa học và Công nghệ tỉnh Phú Thọ"
    assert office.name == "Điểm TBT tỉnh Phú Thọ"
    assert office.address == 'Số 1, phố "Mới" \\ tầng 2'
    assert office.email == office.contact == "tbt@phutho.example.vn"
    assert office.website == "https://sokhcn.phutho.example.vn"
    assert config.bulletin.sectors == ("seafood", "fresh-produce")
    assert config.bulletin.base_url == "https://tbt.phutho.example.vn"
    assert config.accept.policy == "staff"
    assert config.digest.weekly_day == "thu"
    assert config.digest.weekly == time(7, 30)
    assert config.digest.quiet == (time(20, 0), time(6, 0))
    assert config.deliver.channels == ("pretend", "telegram")
    assert "Hòa Bình (nay thuộc Phú Thọ)" in officer.told
    assert any("TBT_TELEGRAM_TOKEN" in line for line in officer.told)
    assert officer.told[-1].endswith("tbt-watch serve")
    assert 10 <= len(officer.asked) <= 16


def test_enter_all_the_way_gives_a_configuration_that_sends_nothing(
    tmp_path: Path, language: Language
) -> None:
    config, officer = answered(tmp_path / "config.toml", language, {"Tên cơ quan": ["", "Điểm TBT"]})
    assert config.deliver.channels == ("pretend",)
    assert config.accept.policy == "auto"
    assert config.digest.weekly_day == "fri"
    assert config.digest.daily == time(7, 0)
    assert config.office.province == ""
    assert officer.asked.count("Tên cơ quan là gì?") == 2
    assert "Bản tin tuần gửi vào ngày nào? [thứ Sáu]" in officer.asked
    assert not any("TBT_TELEGRAM_TOKEN" in line for line in officer.told)


def test_the_file_has_comments_in_the_language_of_the_officer(tmp_path: Path, language: Language) -> None:
    answered(tmp_path / "vi.toml", language, {"Tên cơ quan": "Điểm TBT"})
    answered(tmp_path / "en.toml", language, {"office called": "TBT point"}, lang="en")
    vietnamese = (tmp_path / "vi.toml").read_text(encoding="utf-8").splitlines()
    english = (tmp_path / "en.toml").read_text(encoding="utf-8").splitlines()
    for lines, question in ((vietnamese, "# Tên cơ quan là gì?"), (english, "# What is the office called?")):
        assert lines[lines.index(question) + 1].startswith("name = ")
        keys = [
            number
            for number, line in enumerate(lines)
            if " = " in line and not line.startswith(("#", "lang"))
        ]
        assert all(lines[number - 1].startswith("# ") for number in keys)
    assert load_config(tmp_path / "en.toml", {}).language == "en"


@pytest.mark.parametrize(
    ("question", "wrong", "right", "says"),
    [
        ("tỉnh, thành phố", "Phu Tho x", "phu tho", "có phải Phú Thọ không?"),
        ("tỉnh, thành phố", "Atlantis", "Huế", "như trên bản đồ"),
        ("điện thoại", "không có", "-", "không phải là số điện thoại"),
        ("thư điện tử để doanh nghiệp", "tbt phutho", "a@b.vn", "không phải là địa chỉ thư điện tử"),
        (
            "trang thông tin điện tử của",
            "ftp://a.vn",
            "a.vn",
            "không phải là địa chỉ trang thông tin điện tử",
        ),
        ("trang thông tin điện tử của", "http://[a", "", "không phải là địa chỉ trang thông tin điện tử"),
        ("lĩnh vực", "1, 4", "1 2", "4 không có trong danh sách lĩnh vực; xin ghi số từ 1 đến 3."),
        ("duyệt", "có lẽ", "không", "Xin trả lời có hoặc không."),
        ("Bản tin ngày", "25h", "6h45", "25h không phải là giờ trong ngày"),
        ("không gửi", "21:00", "21:00-6:30", "Xin ghi hai mốc giờ"),
        ("tuần gửi vào ngày", "mai", "CN", "không phải là ngày trong tuần; ví dụ: thứ Sáu."),
    ],
)
def test_what_cannot_be_read_is_asked_again(
    tmp_path: Path, language: Language, question: str, wrong: str, right: str, says: str
) -> None:
    _, officer = answered(
        tmp_path / "config.toml", language, {question: [wrong, right], "Tên cơ quan": "Điểm TBT"}
    )
    assert sum(question in one for one in officer.asked) == 2
    assert any(says in line for line in officer.told)


@pytest.mark.parametrize(
    ("said", "day"),
    [("thứ Hai", "mon"), ("Thứ Tư", "wed"), ("6", "fri"), ("T7", "sat"), ("chủ nhật", "sun"), ("thu", "thu")],
)
def test_days_of_the_week(tmp_path: Path, language: Language, said: str, day: str) -> None:
    answers = {"tuần gửi vào ngày": said, "Tên cơ quan": "Điểm TBT"}
    config, _ = answered(tmp_path / "config.toml", language, answers)
    assert config.digest.weekly_day == day


def test_a_number_is_no_day_in_english(tmp_path: Path, language: Language) -> None:
    answers: dict[str, str | list[str]] = {"office called": "TBT", "day do weekly": ["6", "Saturday"]}
    config, officer = answered(tmp_path / "config.toml", language, answers, lang="en")
    assert config.digest.weekly_day == "sat"
    assert "6 is no day of the week; it looks like Friday." in officer.told


def test_a_file_that_is_there_stays(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine\n", encoding="utf-8")
    officer = Officer({})
    with pytest.raises(ConfigError, match="exists already"):
        interview(path, language, "vi", sectors=SECTORS, ask=officer.ask, tell=officer.tell)
    assert officer.asked == []
    assert path.read_text(encoding="utf-8") == "# mine\n"


def test_a_place_that_cannot_be_written(tmp_path: Path, language: Language) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written"):
        answered(tmp_path / "file" / "config.toml", language, {"Tên cơ quan": "Điểm TBT"})


def names() -> Iterator[str]:
    yield from (
        'Sở "KH&CN" \\ [tỉnh]',
        "'''",
        '"""',
        "a\u0007b\x7fc",
        "tab\there",
        "\ud800x",
        "# nothing",
        "é = 1",
    )


@given(st.text(min_size=1).filter(lambda text: text.strip(" -") != "") | st.sampled_from(list(names())))
def test_any_answer_is_written_as_toml(
    tmp_path_factory: pytest.TempPathFactory, language: Language, said: str
) -> None:
    path = tmp_path_factory.mktemp("toml") / "config.toml"
    config, _ = answered(path, language, {"Tên cơ quan": [said, "x"], "Địa chỉ của cơ quan": said})
    assert config.office.name
    assert "\n" not in config.office.address
    if said.isascii() and said.isalnum():
        assert config.office.name == config.office.address == said
