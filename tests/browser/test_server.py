"""The start page as a browser meets it: language, policy, and nothing from outside the house."""

import re

import pytest
from playwright.sync_api import Error, expect

pytestmark = pytest.mark.browser


def test_the_page_is_in_swedish_before_and_after_it_has_drawn(page):
    answer = page.goto("/")
    assert '<html lang="sv"' in answer.text()
    assert "<title>Lägesbild Borås</title>" in answer.text()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page).to_have_title(re.compile("Lägesbild Borås"))


def test_the_policy_is_sent_and_kept(page, visit):
    policies = {}

    def note(answer):
        policies[answer.url] = answer.headers.get("content-security-policy", "")

    page.on("response", note)
    visit(page)
    assert policies
    assert [url for url, policy in policies.items() if "default-src" not in policy] == []
    main = page.request.get("/").headers["content-security-policy"]
    assert "script-src 'self';" in main


def test_a_script_that_gets_into_the_page_does_not_run_and_is_noticed(server, open_page, visit):
    add = (
        "document.head.append(Object.assign(document.createElement('script'), {text: 'found = 1'}))"
    )
    with (
        pytest.raises(AssertionError, match=r"breaches of the content policy: .*script-src-elem"),
        open_page(server.url) as page,
    ):
        visit(page)
        with page.expect_console_message(lambda message: message.text.startswith("CSP: ")):
            page.evaluate(add)
        assert page.evaluate("typeof found") == "undefined"


def test_a_request_that_would_leave_the_house_is_stopped_and_noticed(server, open_page):
    with (
        pytest.raises(AssertionError, match=r"left the house: \['http://plats\.example/x'\]"),
        open_page(server.url) as page,
        pytest.raises(Error, match="ERR_FAILED"),
    ):
        page.goto("http://plats.example/x")


def test_streamlits_own_words_are_in_swedish(page, visit):
    visit(page)
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_attached()
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_have_accessible_name("Sidopanel")
    sidebar.hover()
    page.get_by_role("button", name="Dölj sidopanelen").click()
    page.get_by_role("button", name="Visa sidopanelen").click()
    expect(sidebar).to_be_visible()


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_streamlits_metrics_and_agents_are_not_found(page, path):
    assert page.request.get(path).status == 404


def test_the_translations_are_a_file_of_our_own(page):
    answer = page.request.get("/lib/sv.js")
    assert answer.ok
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "no-cache"


def test_a_table_wider_than_the_page_scrolls_by_keyboard(server, open_page, visit):
    with open_page(server.url, width=320) as page:
        visit(page, "/tackning")
        table = page.get_by_role("region", name="Barn och unga 10–16 år mot områdesnätverk").first
        table.evaluate("(it) => it.addEventListener('scroll', () => it.dataset.scrolled = 'yes')")
        table.focus()
        page.keyboard.press("ArrowRight")
        expect(table).to_have_attribute("data-scrolled", "yes")


def test_the_grouped_page_list_is_lists_of_links(page, visit):
    visit(page)
    pages = page.get_by_role("navigation", name="Sidor")
    links = pages.get_by_role("list").get_by_role("listitem").get_by_role("link")
    expect(links).to_have_count(pages.get_by_role("link").count())
    expect(links.first).to_have_attribute("aria-current", "page")
