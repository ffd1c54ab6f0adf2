import uuid, pytest
from datetime import timedelta
from tests.browser.looks import *
from tests.world import *
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.cases.handle import *
from salur.publishing.replies import approve, draft
from salur.kernel import clock
pytestmark = pytest.mark.browser

def case_story(lampung):
    op, ap = lampung.officer("op","operator"), lampung.officer("ap","approver")
    case = lampung.report("satu", ROAD + " Hubungi saya di 0812-3456-7890.", title="Jalan provinsi berlubang", name="Sri", location="Gading Rejo")
    act(verify, case.pk, actor=actor(op))
    act(follow_up, case.pk, note="internal", actor=actor(op))
    r = act(draft, case.pk, purpose="progress", text="Tim sudah meninjau lokasi pada hari ini.\nPenambalan dijadwalkan minggu depan.", actor=actor(op)); act(approve, r.pk, actor=actor(ap)); run_until_quiet()
    r = act(draft, case.pk, purpose="answer", text="Lubang di depan pasar sudah ditambal pada 20 November. Terima kasih.", actor=actor(op)); act(approve, r.pk, actor=actor(ap)); run_until_quiet()
    sched = lampung.report("dua", "Mohon dibangun jembatan baru di Way Sekampung, jembatan gantung sudah rapuh.", confidential=True)
    act(verify, sched.pk, actor=actor(op))
    act(set_horizon, sched.pk, horizon="medium", owner="Bidang Jembatan", plan_reference="RKPD 2027, kegiatan 1.03.10", review_on=(clock.now()+timedelta(days=60)).date(), actor=actor(op))
    run_until_quiet()
    return case, sched

def test_shots(visit, lampung):
    case, sched = case_story(lampung)
    for w in (1280, 360):
        def shot(p, name):
            p.screenshot(path=f"/tmp/dev/{name}-{w}.png", full_page=True)
            print(name, w, "overflow", overflow(p)); print("\n".join(findings(p)))
        shot(visit("/", width=w), "home")
        p = visit("/lapor/", width=w); shot(p, "report")
        p.fill("#id_text", "jalan"); p.fill("#id_name", "Sri"); p.fill("#id_email", "salah"); p.click("main button[type=submit]:visible"); p.wait_for_selector("#errors"); shot(p, "report-errors")
        p.fill("#id_text", ROAD); p.fill("#id_email", ""); p.click("main button[type=submit]:visible"); p.wait_for_url("**/terima/**"); shot(p, "receipt-wait")
        run_until_quiet(); p.wait_for_selector(".salur-number-big"); shot(p, "receipt")
        shot(visit(f"/lacak/{case.number}/", width=w), "case")
        shot(visit(f"/lacak/{sched.number}/", width=w), "sched")
        shot(visit(f"/lacak/{case.number}/selesai/", width=w), "settle")
        shot(visit("/lacak/", width=w), "search")
        shot(visit("/lacak/123/", width=w), "unknown")
        shot(visit("/akun/login/", width=w), "login")
        shot(visit("/akun/signup/", width=w), "signup")
        shot(visit("/tidak-ada/", width=w), "404")
        p = visit("/lapor/", width=w, javascript=False); shot(p, "nojs") if False else None
    p = visit(f"/lacak/{case.number}/"); p.emulate_media(media="print"); p.screenshot(path="/tmp/dev/print.png", full_page=True)
