"""Pictures of the curators' page on the sample's notices, 390 and 1280 pixels wide: `make pictures`.

Takes the sample's folder and the folder for the pictures. Needs Chromium and its driver
(Debian: apt-get install chromium chromium-driver) and selenium.
"""

import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from browser import chromium
from curators import PASSWORD, QUICK

from tbt_watch.app import open_app
from tbt_watch.config import Config
from tbt_watch.domain.curator import Curator
from tbt_watch.domain.memory import Unit
from tbt_watch.domain.term import Term
from tbt_watch.sample import sample_now
from tbt_watch.store import Store
from tbt_watch.store.queue import ALL, Sieve
from tbt_watch.translate.terms.keeping import keep_term
from tbt_watch.translate.terms.table import cells_of
from tbt_watch.web.app import pages_of
from tbt_watch.web.server import serving

WIDTHS = {390: 1600, 1280: 1000}
WRITTEN = (
    "California đề xuất nêu rõ nhà nhập khẩu có thể làm gì để tuân thủ khi nhà sản xuất của một Sản phẩm ưu tiên trong"
    " danh mục không tuân thủ. Văn bản làm rõ các nghĩa vụ hiện có và không đặt thêm yêu cầu mới đối với nhà nhập khẩu."
)


def main(sample: Path, out: Path) -> None:
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        shutil.copy(sample / "tbt-watch.db", here / "tbt-watch.db")
        config = replace(Config(), office=replace(Config().office, name="Văn phòng TBT Vĩnh Long"))
        config = replace(config, web=replace(config.web, desk=True))
        with (
            open_app(config, sample_now, sample=here) as app,
            serving(pages_of(app), "127.0.0.1", 0) as (_, port),
            chromium(here) as window,
        ):
            for name in ("Lan", "Minh"):
                made = Curator(name=name, role="admin", hash=QUICK.hash(PASSWORD), created_at=sample_now())
                app.store.curators.add(made)
            day = sample_now().date()
            newest = [
                one for one in app.store.queue.page(Sieve(state=ALL), day, limit=60) if one.age != "ARCHIVE"
            ]
            app.store.notices.put_back([one.id for one in newest], "TAGGED")
            base = f"http://127.0.0.1:{port}/desk"
            shown = next(one.id for one in newest if one.notice.summary and one.notice.language == "en")

            def shoot(name: str) -> None:
                time.sleep(0.5)  # what is said aloud is written a moment after the page is there
                for width, height in WIDTHS.items():
                    window.size(width, height)
                    window.driver.save_screenshot(str(out / f"desk-{name}-{width}.png"))
                    sys.stdout.write(f"{out / f'desk-{name}-{width}.png'}\n")

            window.open(f"{base}/login")
            shoot("login")
            window.one("#name").send_keys("Lan")
            window.one("#password").send_keys(PASSWORD)
            window.one("form.login button").click()
            window.until(lambda: window.path == "queue")
            shoot("queue")
            window.open(f"{base}/notice/{shown}")
            window.one("#edit-summary summary").click()
            window.one("#text-summary").send_keys(WRITTEN)
            window.until(lambda: window.one("#checked-summary").text)
            window.script("document.querySelector('#name-summary').scrollIntoView()")
            shoot("text")
            window.one("#edit-summary form button").click()
            window.until(lambda: "saved=" in window.driver.current_url and window.ready())
            shoot("notice")
            window.one("#accept").click()
            window.until(lambda: "did=accepted" in window.driver.current_url and window.ready())
            pages = {
                path.split("?")[0]: path for path in ("record", "search?q=thuc+pham", "account", "accounts")
            }
            for name, path in (pages | words_of(app.store)).items():
                window.open(f"{base}/{path}")
                shoot(name)
            app.store.notices.put_back([shown], "TAGGED")


def words_of(store: Store) -> dict[str, str]:
    """The pages on terms, memory and accounts, with something on them: what each picture is called, its path."""
    terms = (
        Term(
            en=("pomelo", "pummelo"), vi="bưởi da xanh", domain="fruit", note="Gọi như trên nhãn hiệu tập thể"
        ),
        Term(
            en=("pomelo", "pummelo"), vi="bưởi chùm", status="forbidden", domain="fruit", note="Là grapefruit"
        ),
    )
    for term in terms:
        kept = keep_term(store, cells_of(term), None, (), "Lan", sample_now())
        assert kept.deed, kept
    units = (
        ("The maximum residue limit for cadmium in citrus fruit is 0.05 mg/kg.",
         "Mức dư lượng tối đa của cadimi trong quả có múi là 0,05 mg/kg."),
        ("Comments shall be submitted through the national enquiry point.",
         "Ý kiến góp ý gửi qua điểm hỏi đáp quốc gia."),
    )  # fmt: skip
    found = [
        Unit(language="en", source=source, target=target, origin="human", by="Minh", at=sample_now())
        for source, target in units
    ]
    store.memory.put(found, sample_now())
    numbers = [one.id for one in store.memory.all() if one.source == units[0][0]]
    return {
        "terms": "terms?words=duoc",
        "term": "terms/entry?lang=en&of=pomelo%7Cpummelo",
        "term-new": "terms/new?en=durian&vi=s%E1%BA%A7u+ri%C3%AAng",
        "memory": "memory",
        "unit": f"memory/{numbers[0]}",
        "account-of": f"accounts/{store.curators.get('Minh').id}",
        "record-office": "record/office",
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
