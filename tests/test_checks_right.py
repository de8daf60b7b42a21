"""Right translations that look wrong, wrong ones that look right, and long ones: what the checks say, and how soon."""

import time

import pytest
from proof import TESTS, checker, table, terms

STARTER = TESTS / "starter"


def failed(source: str, target: str, language: str = "en") -> dict[str, str]:
    return {one.name: one.detail for one in checker().check(source, target, language)}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Radio equipment may disturb air traffic control.", "Thiết bị vô tuyến có thể gây nhiễu kiểm soát không lưu."),
        ("Drones shall be registered.", "Máy bay không người lái phải được đăng ký."),
        ("Nonwoven wipes", "Khăn lau không dệt"),
        ("Live invertebrate biological control agents", "Tác nhân sinh học là động vật không xương sống còn sống"),
        ("Consumption when idle", "Mức tiêu thụ khi không tải"),
        ("Limits on no-load power", "Giới hạn công suất không tải"),
        ("Does the measure apply to spare parts?", "Biện pháp có áp dụng đối với phụ tùng không?"),
        ("They may say whether 12 months is enough and why.", "Họ có thể cho biết 12 tháng đã đủ chưa và vì sao."),
        ("The sale of knives to minors", "Việc bán dao cho người chưa thành niên"),
        ("They are free from avian influenza.", "Họ là vùng an toàn dịch cúm gia cầm."),
        ("Ships need a certificate of freedom.", "Tàu phải có giấy chứng nhận không nhiễm."),
        ("It must be reported not later than 15 days after and within two days if serious.",
         "Phải báo cáo chậm nhất 15 ngày sau đó và trong vòng hai ngày nếu nghiêm trọng."),
        ("The provisions are no longer in force.", "Các quy định nay đã hết hiệu lực."),
        ("Regulated non-quarantine pests of strawberry", "Đối tượng phải kiểm soát trên dâu tây"),
        ("Other information remains unchanged.", "Thông tin khác giữ nguyên."),
        ("Unplug the appliance before cleaning.", "Rút phích cắm của thiết bị trước khi vệ sinh."),
        ("Meat from animals re-exported from a free zone", "Thịt động vật tái xuất từ khu thương mại tự do"),
        ("The updates which users may opt out of", "Bản cập nhật mà người sử dụng có thể chọn không nhận"),
        ("Not for children under 3 years", "Không dành cho trẻ em dưới 3 tuổi"),
        ("It shall not be larger.", "Cỡ chữ không được lớn hơn."),
        ("Storage units must have a volume of 3 L.", "Tủ phải có thể tích 3 L."),
        ("The inspection certificate is not a substitute.", "Giấy kiểm tra trước khi xếp hàng không thay thế được."),
        ("Grapes of the variety Thompson Seedless", "Nho thuộc giống Thompson Seedless"),
        ("Wireless devices", "Thiết bị vô tuyến"),
        ("Noncompliant products shall be recalled.", "Sản phẩm không phù hợp phải được thu hồi."),
        ("Disapproval of the rule by Congress", "Quốc hội không tán thành quy tắc"),
        ("Nonylphenol in textiles", "Nonylphenol trong hàng dệt"),
        ("Bottled still water", "Nước đóng chai không ga"),
        ("Air fryers and tumblers", "Nồi chiên không dầu và cốc không quai"),
        ('Wipes labelled "Do Not Flush"', 'Khăn lau ghi nhãn "Do Not Flush"'),
        ("Non-return valves", "Van một chiều"),
        ("Non-road mobile machinery", "Máy di động dùng ngoài đường bộ"),
        ("Exports to non-OECD countries", "Xuất khẩu sang nước không thuộc OECD"),
        ("Minors would be barred from using them.", "Người dưới 18 tuổi sẽ không được dùng."),
        ("Ergot in rye shall be limited to 0.2 g/kg.", "Nấm cựa gà trong lúa mạch đen không được quá 0,2 g/kg."),
    ],
)  # fmt: skip
def test_what_denies_nothing_and_what_denies_in_other_words(source: str, target: str) -> None:
    assert not failed(source, target).keys() & {"negation", "modality"}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The goods are inspected before loading.", "Trước khi xếp hàng không thay thế kiểm tra."),
        ("Drones shall not be flown.", "Máy bay không người lái phải được bay."),
        ("It shall not be thrown away with the nonwoven wipes.", "Phải thải bỏ cùng khăn không dệt."),
        ("Regulated pests of strawberry", "Đối tượng không phải kiểm soát trên dâu tây"),
        ("It shall not apply from a free zone.", "Quy định áp dụng từ khu thương mại tự do."),
        ("Members no longer accept it.", "Các Thành viên chấp nhận."),
        ("Noncompliant products shall be recalled.", "Sản phẩm phù hợp phải được thu hồi."),
        ("Do not flush the wipes.", "Xả khăn lau xuống bồn cầu."),
        ("Unhealthy animals", "Động vật mở rộng"),
        ("Spare parts are tested.", "Phụ tùng không thử nghiệm."),
        ("Old stocks may still be sold.", "Hàng tồn kho cũ không bán."),
        ("Seasonal fruit is inspected.", "Quả theo mùa không kiểm tra."),
        ("Non-corrosive coatings for direct current", "Lớp phủ dùng cho dòng điện một chiều"),
    ],
)
def test_what_still_denies(source: str, target: str) -> None:
    assert "negation" in failed(source, target)


def test_a_denial_is_told_in_words() -> None:
    lost = failed("It shall not apply.", "Quy định này áp dụng.")
    assert lost == {"negation": "“not” has no không, chưa or other denial in the Vietnamese"}
    added = failed("It shall apply.", "Quy định này không phải áp dụng.")
    assert added == {
        "negation": "the Vietnamese has a denial that the original does not have, one of “không”"
    }


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("APHIS prepared a risk analysis for fruit from Peru.",
         "Cơ quan Kiểm dịch động thực vật Hoa Kỳ đã phân tích nguy cơ đối với quả từ Peru."),
        ("Viet Nam Food Administration, Ministry of Health", "Cục An toàn thực phẩm, Bộ Y tế"),
        ("Viet Nam Food Administration", "Cục An toàn thực phẩm Việt Nam"),
        ("Fijian regulation on kava", "Quy định của Fiji về kava"),
        ("Eggs must be free from Sudan IV.", "Trứng không được có Sudan IV."),
        ("Imperial units may be added.", "Có thể bổ sung đơn vị hệ Anh."),
        ("Importation into Peru of plants from the Netherlands", "Nhập khẩu cây từ Hà Lan vào Peru"),
        ("Israeli rules: what is good for Europe is good for Israel",
         "Quy định của Israel: tốt cho châu Âu thì tốt cho Israel"),
    ],
)  # fmt: skip
def test_members_that_are_told_otherwise(source: str, target: str) -> None:
    assert "members" not in failed(source, target)


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("Kenya exports fish to Uganda.", "Uganda xuất khẩu cá sang Kenya.", "en"),
        ("Imports from Kenya into Uganda", "Nhập khẩu từ Uganda vào Kenya", "en"),
        ("Le Pérou exporte du café vers le Chili.", "Chile xuất khẩu cà phê sang Peru.", "fr"),
        ("El Perú exporta café a Chile.", "Chile xuất khẩu cà phê sang Peru.", "es"),
    ],
)
def test_members_in_each_others_place(source: str, target: str, language: str) -> None:
    assert "stand in another order" in failed(source, target, language).get("members", "")


def test_amounts_of_different_units_in_each_others_place() -> None:
    source = "It contains 5 mg of lead and 10 % of zinc."
    assert failed(source, "Sản phẩm chứa 5 mg chì và 10% kẽm.") == {}
    assert "stand in another order" in failed(source, "Sản phẩm chứa 10% chì và 5 mg kẽm.")["units"]


def test_the_name_of_a_chemical_is_no_leftover() -> None:
    name = "4,4'-[2,2,2-trifluoro-1-(trifluoromethyl)ethylidene]diphenol (BPAF)"
    assert "untranslated" not in failed(f"Substances added: {name}", f"Các chất được bổ sung: {name}")


# ── Speed ──────────────────────────────────────────────────────────────────────────────────────────────

SIZE = 100_000
PROSE = ("The toys shall not contain lead above 90 mg/kg, except those banned in Turkey under ISO 12345:2019. ",
         "Đồ chơi không được chứa chì quá 90 mg/kg, trừ đồ chơi bị cấm ở Thổ Nhĩ Kỳ theo ISO 12345:2019. ")  # fmt: skip
GOODS = ("Fresh fruit; frozen vegetables; toys; maximum residue limits; technical regulation; ",
         "Quả tươi; rau đông lạnh; đồ chơi; mức dư lượng tối đa; quy chuẩn kỹ thuật; ")  # fmt: skip


@pytest.mark.parametrize(
    ("source", "target"),
    [
        PROSE,
        (PROSE[0].replace(". ", " "), PROSE[1].replace(". ", " ")),
        GOODS,
        ("1_", "không có gì "),
        ("_", "_"),
        ("Turkey ", "Thổ Nhĩ Kỳ "),
        ("A1 B2 C3 ", "D4 E5 F6 "),
        ("not ", "không "),
        ("shall may ", "phải có thể "),
        ("(", "["),
        ("aaaa", "aaaa"),
    ],
    ids=lambda text: text[:12],
)
def test_long_texts_are_checked_soon(source: str, target: str) -> None:
    """In a second or two by itself; the bound leaves room for a busy machine."""
    texts = [(text * (SIZE // len(text) + 1))[:SIZE] for text in (source, target)]
    checker().check("ready", "sẵn sàng")
    began = time.process_time()
    checker().check(*texts)
    assert time.process_time() - began < 6


def test_terms_are_mended_soon_in_a_long_text() -> None:
    source, target = (GOODS[0] * 1300, GOODS[1] * 1300)
    began = time.process_time()
    assert terms().mended(source, target, "en") == target
    assert time.process_time() - began < 6


# ── On the pairs of the starter model ──────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pairs.tsv", "pairs_w1.tsv", "pairs_w2.tsv"])
def test_right_pairs_raise_few_alarms(name: str) -> None:
    """Under 1 % per check."""
    rows = table(STARTER / name)
    times: dict[str, int] = {}
    for row in rows:
        for check in failed(row["en"], row["vi"]):
            times[check] = times.get(check, 0) + 1
    assert len(rows) > 1000
    assert {check: count for check, count in times.items() if count >= 0.01 * len(rows)} == {}
