"""What of a page can be reached by those who have no mouse."""

from playwright.sync_api import Page

TARGETS = """() => {
    const groups = new Set();
    const all = 'a[href], button, input, select, textarea, summary, [tabindex]';
    let number = 0;
    for (const one of document.querySelectorAll(all)) {
        if (one.disabled || one.tabIndex < 0 || one.type === 'hidden' || !one.checkVisibility()) continue;
        if (one.type === 'radio') {
            const group = `${one.form && one.form.action} ${one.name}`;
            if (groups.has(group)) continue;
            groups.add(group);
            document.querySelectorAll(`input[type=radio][name="${one.name}"]`).forEach(
                other => other.dataset.target = number);
        }
        one.dataset.target = number++;
    }
    document.activeElement.blur();
    return number;
}"""
FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one);
    const ring = style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
    return [one.dataset.target || '', ring || style.boxShadow !== 'none', one.outerHTML.slice(0, 120)];
}"""


def out_of_reach(page: Page) -> list[str]:
    """What can be acted on and is not reached with the tab key, or does not show that it has the focus."""
    number = int(page.evaluate(TARGETS))
    reached, ringless = set[str](), set[str]()
    for _ in range(2 * number + 10):
        page.keyboard.press("Tab")
        target, ring, shown = page.evaluate(FOCUSED)
        if target:
            reached.add(target)
            ringless |= set() if ring else {f"no focus to be seen: {shown}"}
        if len(reached) == number:
            break
    find = "number => document.querySelector(`[data-target='${number}']`).outerHTML.slice(0, 120)"
    missing = [f"not reached: {page.evaluate(find, one)}" for one in range(number) if str(one) not in reached]
    return sorted(ringless) + missing
