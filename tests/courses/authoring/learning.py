"""A learner who plays a lesson in a browser, by what is seen on the screen."""

from playwright.sync_api import BrowserContext, Frame, Page


class Learner:
    """One opened lesson; `screen` is the frame of the lesson, `page` its host."""

    def __init__(
        self,
        context: BrowserContext,
        address: str,
        *,
        host: bool = True,
        page: str = "host.html",
        framed: bool = True,
    ) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{address}/{page}" if host else f"{address}/lesson/index.html")
        self.screen: Frame = self.page.frame("lesson") if host and framed else self.page.main_frame
        self.screen.wait_for_selector("html.playing")

    @property
    def step(self) -> str:
        return self.screen.get_attribute(".step:not([hidden])", "data-step")

    @property
    def primary(self) -> str:
        return self.screen.inner_text("#next")

    def data(self, name: str) -> str:
        return self.page.evaluate("name => window.host.data[name]", name)

    def host(self, name: str) -> object:
        return self.page.evaluate("name => window.host[name]", name)

    def text(self, selector: str) -> str:
        return self.screen.locator(f".step:not([hidden]) {selector}").inner_text()

    def sees(self, selector: str) -> bool:
        return self.screen.locator(selector).locator("visible=true").count() > 0

    def go_on(self) -> None:
        self.screen.click("#next")

    def go_back(self) -> None:
        self.screen.click("#back")

    def answer(self, *values: str) -> None:
        """Choose the answers with these letters, one after the other, and send them."""
        for value in values:
            self.screen.click(
                f".step:not([hidden]) .option[data-value={value}] label, "
                f".step:not([hidden]) .place[data-value={value}]"
            )
        self.go_on()

    def play_until(self, step: str) -> None:
        """Answer the practice of the sample rightly until `step` is shown."""
        answers = {"one": "b", "many": "ac", "spot": "a", "phone": "a", "order": "abc"}
        while self.step != step:
            if self.step in answers and self.primary == "Trả lời":
                self.answer(*answers[self.step])
            self.go_on()

    def take_check(self, *answers: str) -> None:
        """Go from the opening of the check to the result with one letter for each question."""
        if self.step == "check":
            self.go_on()
        for value in answers:
            self.answer(value)
            self.go_on()
