#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>
#include <vector>

#include "report/renderer.h"
#include "tests/support/history_dsl.h"
#include "tests/support/judged.h"

namespace minos::report {
namespace {

using minos::testing::Judge;
using minos::testing::Judged;
using minos::testing::TestHistory;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Page(const std::vector<FileResult>& results) {
  const auto renderer = MakeHtmlRenderer(RenderOptions());
  std::string page;
  for (const FileResult& result : results) page.append(renderer->Add(result));
  return page.append(renderer->Finish());
}

// The first element that is closed out of turn or never; empty if none is.
std::string FirstUnbalanced(const std::string& page) {
  const std::set<std::string> void_elements = {"meta", "!DOCTYPE"};
  std::vector<std::string> open;
  for (size_t at = page.find('<'); at != page.npos; at = page.find('<', at)) {
    const size_t end = page.find('>', at);
    if (end == page.npos) return "an unfinished tag";
    std::string tag = page.substr(at + 1, end - at - 1);
    at = end;
    if (tag.back() == '/') continue;
    const bool closes = tag.front() == '/';
    const std::string name =
        tag.substr(closes ? 1 : 0, tag.find(' ') - (closes ? 1 : 0));
    if (void_elements.count(name) > 0) continue;
    if (!closes) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "</" + name + ">";
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

Judged StaleRead() {
  return Judge(TestHistory()
                   .Write(0, "1")
                   .Write(0, "2")
                   .Call(2, "write", "3")
                   .Read(1, "1")
                   .Info(2)
                   .Build());
}

TEST(Html, ShowsAViolationWithItsOperationsAndTheirLines) {
  const Judged judged = StaleRead();
  const std::string page = Page({judged.Result("stale.edn")});
  EXPECT_THAT(page, HasSubstr("<title>minos: violation</title>"));
  EXPECT_THAT(page, HasSubstr("stale.edn"));
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, HasSubstr("read → 1 ✗"));
  EXPECT_THAT(page, HasSubstr("lines 6-7"));
  EXPECT_THAT(page, HasSubstr("the value is 2"));
}

TEST(Html, IsWellFormed) {
  const Judged bad = StaleRead();
  const Judged good = Judge(TestHistory().Write(0, "1").Read(1, "1").Build());
  EXPECT_EQ(FirstUnbalanced(Page({bad.Result("a"), good.Result("b")})), "");
}

TEST(Html, TakesTheWorstVerdictOfAllFiles) {
  const Judged bad = StaleRead();
  const Judged good = Judge(TestHistory().Write(0, "1").Build());
  EXPECT_THAT(Page({bad.Result("a"), good.Result("b")}),
              HasSubstr("<title>minos: violation</title>"));
  EXPECT_THAT(Page({good.Result("b")}),
              HasSubstr("<title>minos: valid</title>"));
}

TEST(Html, NothingRecordedBecomesMarkup) {
  const Judged judged = Judge(TestHistory()
                                  .Write(0, "\"<script>x()</script>\"")
                                  .Read(1, "\"<img src=x onerror=y>\"")
                                  .Build());
  const std::string page = Page({judged.Result("<b>.edn")});
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_EQ(FirstUnbalanced(page), "");
}

TEST(Html, NeedsNothingFromElsewhere) {
  const Judged judged = StaleRead();
  const std::string page = Page({judged.Result("a")});
  for (const char* reference : {"http:", "https:", "src=", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(reference)));
  }
}

TEST(Html, SaysWhyAFileWasNotJudged) {
  FileResult result;
  result.file = "broken.edn";
  result.finding = Finding::kError;
  result.error = "broken.edn:1:2: a map that does not end";
  result.hint = "was it cut off?";
  const std::string page = Page({result});
  EXPECT_THAT(page, HasSubstr("a map that does not end"));
  EXPECT_THAT(page, HasSubstr("was it cut off?"));
}

TEST(Html, ShowsTheCircleOfACausalViolation) {
  checker::CheckOptions options;
  options.consistencies = {"monotonic-reads"};
  const Judged judged = Judge(TestHistory()
                                  .Write(0, "1")
                                  .Write(0, "2")
                                  .Read(1, "2")
                                  .Read(1, "1")
                                  .Build(),
                              options);
  ASSERT_EQ(judged.verdict.verdict, checker::Verdict::kViolation);
  const std::string page = Page({judged.Result("a")});
  EXPECT_THAT(page, HasSubstr("must come before the next, in a circle"));
  EXPECT_THAT(page, HasSubstr("[session-arbitration]"));
}

}  // namespace
}  // namespace minos::report
