#include "history/read.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/recordings.h"

namespace minos::history {
namespace {

using minos::testing::ReadText;
using minos::testing::TextSource;
using minos::testing::ToText;

// The operations that `text` reads as. REQUIRES: no problems.
std::string Operations(std::string_view text) {
  const Recording recording = ReadText(text);
  EXPECT_EQ(ToText(recording.problems), "") << "of " << text;
  return ToText(recording.history);
}

std::string Problems(std::string_view text, Format format = Format::kEdn) {
  ReadOptions options;
  options.format = format;
  return ToText(ReadText(text, options).problems);
}

Format Found(std::string_view text) { return ReadText(text).format; }

constexpr std::string_view kRegister =
    "0 :write 3 -> ok result=3 [0,2]\n"
    "1 :read nil -> info [1,3]\n";

TEST(ReadTest, JsonLines) {
  EXPECT_EQ(Operations(R"({"process":0,"type":"invoke","f":"write","value":3}
{"process":1,"type":"invoke","f":"read","value":null}

{"process":0,"type":"ok","f":"write","value":3}
  {"type":"info","process":1,"f":"read"}  
)"),
            "0 \"write\" 3 -> ok result=3 [0,2]\n"
            "1 \"read\" nil -> info [1,3]\n");
}

TEST(ReadTest, PrettyPrintedJsonArray) {
  EXPECT_EQ(Operations(R"([
  {
    "process": 0, "type": "invoke",
    "f": "add", "value": {"a": [1, 2.5, "x"]}
  },
  {"process": 0, "type": "ok", "f": "add", "value": {"a": [1, 2.5, "x"]}}
]
)"),
            "0 \"add\" {\"a\" [1 2.5 \"x\"]} -> ok result={\"a\" [1 2.5 "
            "\"x\"]} [0,1]\n");
}

TEST(ReadTest, EdnLineByLine) {
  EXPECT_EQ(Operations("{:process 0, :type :invoke, :f :write, :value 3}\n"
                       "{:process 1 :type :invoke :f :read :value nil}\n"
                       "{:process 0, :type :ok, :f :write, :value 3}\n"
                       "{:process 1 :type :info :f :read}\n"),
            kRegister);
}

TEST(ReadTest, EdnInOneVectorOrListOrTaggedOrOverManyLines) {
  const std::string operations =
      "#jepsen.history.Op{:process 0, :type :invoke, :f :write, :value 3}\n"
      "; a comment\n"
      "{:process 1\n :type :invoke\n :f :read\n :value nil}\n"
      "#_ {:process 7}\n"
      "#a #b {:process 0, :type :ok, :f :write, :value 3}"
      "{:process 1 :type :info :f :read}";
  EXPECT_EQ(Operations(operations), kRegister);
  EXPECT_EQ(Operations("[" + operations + "]"), kRegister);
  EXPECT_EQ(Operations("; first\n (" + operations + "\n)\n;last"), kRegister);
  EXPECT_EQ(
      Operations("\xEF\xBB\xBF#jepsen.history.History [" + operations + "\n]"),
      kRegister);
}

TEST(ReadTest, JepsenLogWithTabsOrBlanks) {
  EXPECT_EQ(Operations("INFO  jepsen.util - 0\t:invoke\t:write\t3\n"
                       "INFO  jepsen.core - Worker 1 starting\n"
                       "INFO  jepsen.util - 1   :invoke :read   nil\n"
                       "INFO  jepsen.util - 0\t:ok\t:write\t3\r\n"
                       "\n"
                       "INFO  jepsen.util - 1   :info :read  :timed-out"),
            "0 :write 3 -> ok result=3 [0,2]\n"
            "1 :read nil -> info completion=:timed-out [1,3]\n");
}

TEST(ReadTest, HistoryTxtWithNemesisAndErrors) {
  EXPECT_EQ(Operations(":nemesis\t:info\t:start-partition\t:majority\n"
                       "0\t:invoke\t:write\t3\n"
                       ":nemesis\t:info\t:start-partition\t[:isolated {}]\n"
                       "0\t:info\t:write\t3\tjava.net.X: refused, sorry\n"
                       "1\t:invoke\t:read\tnil\n"
                       "1\t:fail\t:read\tnil\t[:not-found \"x\"]\n"),
            ":nemesis :start-partition :majority -> info "
            "completion=[:isolated {}] [0,2] fault\n"
            "0 :write 3 -> info extras={\"error\" \"java.net.X: refused, "
            "sorry\"} completion=3 [1,3]\n"
            "1 :read nil -> fail extras={\"error\" [:not-found \"x\"]} "
            "completion=nil [4,5]\n");
}

TEST(ReadTest, WholeOperationsAreOrderedByTheirTimes) {
  EXPECT_EQ(
      Operations(
          R"({"process":1,"f":"read","key":"x","result":3,"call":20,"return":30}
{"process":0,"f":"write","key":"x","value":3,"call":10,"return":20,"outcome":"ok"}
{"process":2,"f":"write","key":"x","value":4,"call":15,"outcome":"info"}
{"process":3,"f":"write","key":"x","value":5,"call":31,"return":40,"outcome":"fail"}
)"),
      "0 \"write\" 3 -> ok result=nil key=\"x\" [0,3] @10..20\n"
      "2 \"write\" 4 -> info key=\"x\" [1,-] @15..-1\n"
      "1 \"read\" nil -> ok result=3 key=\"x\" [2,4] @20..30\n"
      "3 \"write\" 5 -> fail key=\"x\" [5,6] @31..40\n");
}

TEST(ReadTest, KeepsFurtherFieldsAndColumns) {
  EXPECT_EQ(
      Operations("{:type :invoke :process 0 :f :read :key \"k\" :time 5 "
                 ":index 0 :session 9 :node \"n1\" :final? true}\n"
                 "{:type :fail :process 0 :f :read :time 7 :index 4 :error "
                 "[:timeout 3] :end-process? true}\n"),
      "0 :read nil -> fail key=\"k\" session=9 node=\"n1\" "
      "call-extras={:final? true} extras={:end-process? true, :error "
      "[:timeout 3]} [0,1] @5..7\n");
}

TEST(ReadTest, OperationsWithoutAProcessAreOfTheProcessNil) {
  EXPECT_EQ(Operations("[{:type :invoke, :f :read, :value [[:r 0 nil]]},\n"
                       "{:type :ok, :f :read, :value [[:r 0 1]]}]"),
            "nil :read [[:r 0 nil]] -> ok result=[[:r 0 1]] [0,1]\n");
}

TEST(ReadTest, TransactionsNeedNoFunction) {
  EXPECT_EQ(Operations("{:type :invoke :process 0 :value [[:append 1 2] [:r 1 "
                       "nil]]}\n"
                       "{:type :ok :process 0 :value [[:append 1 2] [:r 1 "
                       "[2]]]}\n"),
            "0 \"txn\" [[:append 1 2] [:r 1 nil]] -> ok result=[[:append 1 2] "
            "[:r 1 [2]]] [0,1]\n");
}

TEST(ReadTest, NamedClientsCallWithTypeInvoke) {
  EXPECT_EQ(Operations(
                R"({"process":"alice","type":"invoke","f":"read"}
{"process":"killer","type":"info","f":"kill"}
{"process":"alice","type":"info","f":"read"}
{"process":"killer","type":"info","f":"kill"}
{"process":"nemesis","type":"invoke","f":"heal"}
{"process":"nemesis","type":"ok","f":"heal"}
)"),
            "\"alice\" \"read\" nil -> info [0,2]\n"
            "\"killer\" \"kill\" nil -> info [1,3] fault\n"
            "\"nemesis\" \"heal\" nil -> ok result=nil [4,5] fault\n");
}

TEST(ReadTest, JsonNumbers) {
  EXPECT_EQ(
      Operations("{\"process\":0,\"type\":\"invoke\",\"f\":\"w\",\"value\":["
                 "1.0,-0.0,2e3,1.5,9007199254740992.0,1e300,"
                 "18446744073709551615,-123456789012345678901234567890]}"),
      "0 \"w\" [1 0 2000 1.5 9007199254740992 1e+300 18446744073709551615N "
      "-123456789012345678901234567890N] -> info [0,-]\n");
}

TEST(ReadTest, FindsTheFormatByContent) {
  EXPECT_EQ(Found(R"({"process":0,"type":"invoke","f":"r"})"),
            Format::kJsonLines);
  EXPECT_EQ(Found(R"( [ {"process":0,"type":"invoke","f":"r"}])"),
            Format::kJson);
  EXPECT_EQ(Found("[]"), Format::kJson);
  EXPECT_EQ(Found(R"({"process" 0 "type" "invoke" "f" "r"})"), Format::kEdn);
  EXPECT_EQ(Found("; x\n[;y\n{:type :invoke :f :r}]"), Format::kEdn);
  EXPECT_EQ(Found("INFO  jepsen.util - 0 :invoke :r nil"), Format::kJepsenLog);
  EXPECT_EQ(Found("0 :invoke :r nil"), Format::kHistoryTxt);
}

TEST(ReadTest, WhatIsInNoFormatIsOneClearError) {
  const auto problems = [](std::string_view text) {
    return ToText(ReadText(text).problems);
  };
  EXPECT_EQ(problems(""), "error 1:1 empty: the recording is empty\n");
  EXPECT_EQ(problems(" \n; only a comment"),
            "error 1:1 empty: the recording is empty\n");
  EXPECT_EQ(problems("hello world\n"),
            "error 1:1 unknown-format: the file is in no known format\n");
  EXPECT_EQ(problems(std::string_view("\x7F"
                                      "ELF\x01\x00\x02",
                                      7)),
            "error 1:1 binary: the file is binary, not text\n");
  const Recording jepsen = ReadText(std::string_view("JEPSEN\0\0\1", 9));
  EXPECT_EQ(ToText(jepsen.problems),
            "error 1:1 binary: this is Jepsen's binary file `test.jepsen`\n");
  EXPECT_EQ(jepsen.problems[0].hint,
            "read the `history.edn` that stands beside it");
  EXPECT_EQ(problems("[]"),
            "warning 1:1 empty: the recording has no operations\n");
}

TEST(ReadTest, EdnLinesGoOnAfterASyntaxError) {
  EXPECT_EQ(Problems("{:type :invoke :process 0 :f :read :value [1 2}\n"
                     "{:type :invoke :process 0 :f :read}\n"
                     "{:type :ok :process 0 :f :read\n"
                     "{:type :invoke :process 1 :f :read :value @}\n"
                     "{:type :invoke :process 1 :type :f}\n"
                     "7\n"
                     "{:process 0 :type :ok :f}\n"
                     "{:process 5 :type :ok :f :read}\n"),
            "error 1:47 syntax: `}` stands where `]` should close the vector "
            "that begins at 1:43\n"
            "error 4:1 syntax: the map that begins at 3:1 is not closed\n"
            "error 4:43 syntax: `@` does not begin an EDN form\n"
            "error 5:1 duplicate-key: the map that begins here has the key "
            ":type twice\n"
            "error 6:1 not-an-operation: an operation should stand here, not "
            "7\n"
            "error 7:25 syntax: the map that begins at 7:1 has a key without "
            "a value: :f\n"
            "error 8:1 orphan-completion: process 5 completes an operation "
            "that it never called\n");
}

TEST(ReadTest, AnEnclosingVectorEndsAtASyntaxError) {
  EXPECT_EQ(Problems("[{:type :invoke :process 0 :f :read} @\n"
                     "{:type :oops}]"),
            "error 1:38 syntax: `@` does not begin an EDN form\n");
  EXPECT_EQ(Problems("({:type :invoke :process 0 :f :read}\n"),
            "error 2:1 syntax: the list that begins at 1:1 is not closed\n");
  EXPECT_EQ(Problems("[{:type :invoke :process 0 :f :read}"),
            "error 1:37 syntax: the vector that begins at 1:1 is not "
            "closed\n");
  EXPECT_EQ(Problems("[{:type :invoke :process 0 :f :read}] x"),
            "error 1:39 syntax: more text follows the closing bracket\n");
  EXPECT_EQ(Problems("[1 {:type :invoke :process 0 :f :read :value {:a 1"),
            "error 1:2 not-an-operation: an operation should stand here, not "
            "1\n"
            "error 1:51 syntax: the map that begins at 1:46 is not closed\n");
}

TEST(ReadTest, JsonLinesGoOnAfterASyntaxError) {
  EXPECT_EQ(
      Problems("{\"type\":\"invoke\",\"process\":0,\"f\":\"read\"\n"
               "{\"type\":\"invoke\" \"process\":0}\n"
               "{\"type\":tru}\n"
               "{\"value\":{\"a\":1,\"a\":2}}\n"
               "{\"type\":\"ok\",\"type\":\"ok\"}\n"
               "{\"value\":\"\xFF\"}\n"
               "{} {}\n"
               "[1]\n"
               "3\n"
               "{\"value\":1e999}\n"
               "{\"value\":\"a\tb\"}\n",
               Format::kJsonLines),
      "error 1:40 syntax: this is not JSON: unexpected end of input where one "
      "expects '}'\n"
      "error 2:18 syntax: this is not JSON: unexpected string literal where "
      "one expects '}'\n"
      "error 3:12 syntax: this is not JSON: invalid literal\n"
      "error 4:10 syntax: the object that begins here has the key \"a\" "
      "twice\n"
      "error 5:1 duplicate-key: the map that begins here has the key \"type\" "
      "twice\n"
      "error 6:11 syntax: this is not JSON: invalid string: ill-formed UTF-8 "
      "byte\n"
      "error 7:1 missing-type: the operation has no `type`\n"
      "error 7:4 syntax: more text follows the operation on its line\n"
      "error 8:3 not-an-operation: an operation should stand here, not [1]\n"
      "error 9:1 not-an-operation: an operation should stand here, not 3\n"
      "error 10:10 syntax: the number does not fit a float of 64 bits\n"
      "error 11:12 syntax: this is not JSON: invalid string: control "
      "character U+0009 (HT) must be escaped to \\u0009 or \\t\n");
}

TEST(ReadTest, JsonArrayErrors) {
  const auto problems = [](std::string_view text) {
    return Problems(text, Format::kJson);
  };
  EXPECT_EQ(problems("[{\"type\":\"invoke\",\"f\":\"r\"},\n {\"type\":1,}]"),
            "error 2:12 syntax: this is not JSON: unexpected '}' where one "
            "expects string literal\n");
  EXPECT_EQ(problems("[{\"type\":\"invoke\",\"f\":\"r\"}"),
            "error 1:27 syntax: this is not JSON: unexpected end of input "
            "where one expects ']'\n");
  EXPECT_EQ(problems("[{\"type\":\"invoke\",\"f\":\"r\"}]\n]"),
            "error 2:1 syntax: more text follows the closing bracket\n");
  EXPECT_EQ(problems("[{\"value\": \"a\nb\"}]"),
            "error 1:14 syntax: this is not JSON: invalid string: control "
            "character U+000A (LF) must be escaped to \\u000A or \\n\n");
  EXPECT_EQ(problems("[{\"value\": " + std::string(500, '[')),
            "error 1:138 syntax: values nest more than 128 deep\n");
  EXPECT_EQ(problems("{\"value\": 1}"),
            "error 1:1 syntax: the text is not a JSON array\n");
  EXPECT_EQ(problems("[{\"type\":\"invoke\",\"f\":\"r\",\"value\":12 34}]"),
            "error 1:38 syntax: this is not JSON: unexpected number literal "
            "where one expects '}'\n");
}

TEST(ReadTest, ColumnErrors) {
  EXPECT_EQ(Problems("INFO  jepsen.util - 0\t:invoke\t:write\n"
                     "INFO  jepsen.util - 0 :invoke :write [1\n"
                     "garbage\n"
                     "INFO  jepsen.util - x y z 1\n",
                     Format::kJepsenLog),
            "error 1:37 syntax: the line ends too soon\n"
            "error 2:40 syntax: the vector that begins at 2:38 is not "
            "closed\n"
            "error 3:1 syntax: the line is none of Jepsen's log\n"
            "error 4:21 unknown-type: unknown type y\n");
}

TEST(ReadTest, WordsOfAnErrorMustBeUtf8) {
  EXPECT_EQ(
      Problems("0\t:info\t:read\tnil\tsome \xC3(words\n", Format::kHistoryTxt),
      "error 1:24 syntax: the error is not valid UTF-8 here\n");
}

TEST(ReadTest, FieldErrors) {
  EXPECT_EQ(
      Problems("{:process 0 :f :read}\n"
               "{:process 0 :type :done :f :read}\n"
               "{:process 0 :type :invoke :value 1}\n"
               "{:process [0] :type :invoke :f :read}\n"
               "{:process 0 :type :invoke :f 7}\n"
               "{:process 0 :type :invoke :f :read :time 1.5}\n"
               "{:process 0 :type :invoke :f :read :index :x}\n"
               "{:process 0 :f :read :call 5 :outcome :ok}\n"
               "{:process 0 :f :read :call 5 :return 6 :outcome :maybe}\n"
               "{:process 0 :f :read :call -5 :return 6}\n"),
      "error 1:1 missing-type: the operation has no `type`\n"
      "error 2:1 unknown-type: unknown type :done\n"
      "error 3:1 missing-f: the operation has no `f`\n"
      "error 4:1 bad-field: `process` is neither an integer nor a name: [0]\n"
      "error 5:1 bad-field: `f` is not a name: 7\n"
      "error 6:1 bad-field: `time` is not an integer: 1.5\n"
      "error 7:1 bad-field: `index` is not an integer: :x\n"
      "error 8:1 missing-return: the operation has an outcome but no "
      "`return`\n"
      "error 9:1 unknown-type: unknown outcome :maybe\n"
      "error 10:1 bad-field: `call` must be a time, 0 or later\n");
}

TEST(ReadTest, PairingErrors) {
  EXPECT_EQ(
      Problems("{:process 0 :type :invoke :f :read :time 5 :index 1}\n"
               "{:process 0 :type :invoke :f :read :time 4 :index 1}\n"
               "{:process 0 :type :info :f :read :time 6 :index 2}\n"
               "{:process 0 :type :invoke :f :read :key 1}\n"
               "{:process 0 :type :ok :f :write :key 2}\n"
               "{:process 1 :type :invoke :f :read}\n"
               "{:process 1 :type :ok :f :read :end-process? true}\n"
               "{:process 1 :type :invoke :f :read}\n"
               "{:process 2 :f :read :call 1 :return 2}\n"),
      "warning 2:1 time-backwards: time runs backwards: 4 after 5\n"
      "error 2:1 index-backwards: index 1 stands after index 1\n"
      "error 2:1 double-invoke: process 0 calls :read while its operation of "
      "line 1 is open\n"
      "warning 4:1 process-after-info: process 0 goes on after an operation "
      "that ended in `info`\n"
      "error 5:1 function-mismatch: process 0 completes :write but had called "
      ":read on line 4\n"
      "error 5:1 key-mismatch: process 0 completes on key 2 but had called on "
      "key 1 on line 4\n"
      "warning 8:1 process-after-info: process 1 goes on after an operation "
      "that ended in `info`\n"
      "error 9:1 mixed-forms: a whole operation (with `call` and `return`) in "
      "a file of events (with `type`)\n");
}

TEST(ReadTest, WholeOperationsOfOneProcessMustNotOverlap) {
  EXPECT_EQ(Problems(R"({"process":0,"f":"read","call":5,"return":9}
{"process":0,"f":"read","call":1,"return":6}
{"process":0,"f":"read","call":9,"return":12}
{"process":1,"f":"read","call":9,"return":3}
)",
                     Format::kJsonLines),
            "error 1:1 double-invoke: process 0 calls \"read\" at 5 while its "
            "operation of line 2 is open until 6\n"
            "error 4:1 time-backwards: the operation returns at 3, before its "
            "call at 9\n");
}

TEST(ReadTest, SmallPiecesReadTheSame) {
  const std::string text =
      "; comment é\n"
      "#jepsen.history.Op{:process 0, :type :invoke, :f :write, :value "
      "\"long é string\\u00e9\\n\", :time 123456789012}\n"
      "{:process 0, :type :ok, :f :write, :value [1.25 2/6 \\a :kéy #{1}] "
      ":time 123456789013}\n";
  const std::string expected = Operations(text);
  for (size_t piece = 1; piece < 20; ++piece) {
    TextSource source(text, piece);
    const auto recording = ReadHistory(source, "test", {});
    ASSERT_TRUE(recording.ok()) << recording.status();
    EXPECT_EQ(ToText(recording->history), expected) << "pieces of " << piece;
  }
}

TEST(ReadTest, TextsAcrossPiecesReadTheSame) {
  // Longer than a piece of the cursor, with every alignment of its border.
  for (size_t padding = 65480; padding < 65580; ++padding) {
    const std::string blanks(padding, ' ');
    EXPECT_EQ(Operations(blanks +
                         "{:process 0 :type :invoke :f :write :value \"é\\n\"}"
                         "\n;x\n{:process 0 :type :ok :f :write}"),
              "0 :write \"é\\n\" -> ok result=nil [0,1]\n");
    EXPECT_EQ(Operations(blanks + "\n{\"process\":0,\"type\":\"invoke\",\"f\":"
                                  "\"write\",\"value\":\"é\"}\n"
                                  "{\"process\":0,\"type\":\"ok\"}\n"),
              "0 \"write\" \"é\" -> ok result=nil [0,1]\n");
  }
}

class ReadFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(::testing::TempDir()) / "minos_read_test.tmp";
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void Write(std::string_view bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  absl::StatusOr<Recording> Read(const ReadOptions& options = {}) {
    return ReadHistory(path_.string(), options);
  }

  std::filesystem::path path_;
};

std::string Gzip(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8,
                         Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST_F(ReadFileTest, ReadsPlainAndGzipFiles) {
  const std::string call = "{:process 0 :type :invoke :f :read}\n";
  const std::string completion = "{:process 0 :type :ok :f :read :value 1}\n";
  const std::string expected = "0 :read nil -> ok result=1 [0,1]\n";
  for (const std::string& bytes : {call + completion, Gzip(call + completion),
                                   Gzip(call) + Gzip(completion)}) {
    Write(bytes);
    const auto recording = Read();
    ASSERT_TRUE(recording.ok()) << recording.status();
    EXPECT_EQ(ToText(recording->history), expected);
    EXPECT_EQ(recording->history.name(), path_.string());
  }
}

TEST_F(ReadFileTest, DamagedGzipIsAnError) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "{:process 0 :type :invoke :f :r}\n";
  std::string packed = Gzip(text);
  Write(packed.substr(0, packed.size() / 2));
  EXPECT_EQ(Read().status().message(), "the gzip data end too soon");
  packed[packed.size() / 2] ^= 0x55;
  Write(packed);
  EXPECT_EQ(Read().status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(ReadFileTest, WhatCannotBeOpenedIsAnError) {
  EXPECT_EQ(Read().status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadHistory(::testing::TempDir(), {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ReadTest, KeepsTheMemoryBudget) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "{:process 0 :type :invoke :f :w :value " + std::to_string(i) +
            "}{:process 0 :type :ok :f :w}\n";
  }
  ReadOptions options;
  for (const size_t budget : {size_t{1} << 20, size_t{4} << 20}) {
    options.memory_bytes = budget;
    TextSource source(text);
    const auto recording = ReadHistory(source, "test", options);
    EXPECT_EQ(recording.status().code(), absl::StatusCode::kResourceExhausted);
  }
  options.memory_bytes = size_t{64} << 20;
  EXPECT_EQ(ReadText(text, options).history.size(), 100'000u);
}

TEST(ReadTest, StopsWhenInterrupted) {
  std::atomic<bool> interrupted = true;
  ReadOptions options;
  options.interrupted = &interrupted;
  TextSource source("{:process 0 :type :invoke :f :w}");
  EXPECT_EQ(ReadHistory(source, "test", options).status().code(),
            absl::StatusCode::kCancelled);
}

// A source of about `size` bytes: `head`, then `filler` again and again.
class HugeSource final : public ByteSource {
 public:
  HugeSource(std::string head, std::string_view filler, size_t size)
      : head_(std::move(head)), left_(size) {
    while (block_.size() < 4096) block_ += filler;
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    std::string_view next = head_.empty() ? block_ : head_;
    EXPECT_GE(size, next.size());
    const size_t count = std::min(left_, next.copy(buffer, size));
    head_.clear();
    left_ -= count;
    return count;
  }

 private:
  std::string head_;
  std::string block_;
  size_t left_;
};

TEST(ReadTest, OneHugeLineIsOneErrorAndTakesLittleMemory) {
  constexpr size_t kSize = size_t{34} << 20;
  const auto problems = [](std::string head, std::string filler) {
    HugeSource source(std::move(head), std::move(filler), kSize);
    const auto recording = ReadHistory(source, "test", {});
    EXPECT_TRUE(recording.ok()) << recording.status();
    return recording.ok() ? ToText(recording->problems) : "";
  };
  EXPECT_EQ(problems("{:value \"", "x"),
            "error 1:10 syntax: the text that begins here has more than 16 "
            "MiB\n");
  EXPECT_EQ(problems("{:value ", "x"),
            "error 1:9 syntax: the text that begins here has more than 16 "
            "MiB\n");
  EXPECT_EQ(problems("{:value \"", "\\n"),
            "error 1:9 syntax: the string that begins here has more than 16 "
            "MiB\n");
  EXPECT_EQ(problems("{:value [", "1 "),
            "error 1:33554443 syntax: the form has more than 16777216 "
            "values\n");
  EXPECT_EQ(problems("{\"value\":\"", "x"),
            "error 1:1 syntax: the line has more than 16 MiB\n");
  EXPECT_EQ(problems("[{\"value\":\"", "x"),
            "error 1:16777227 syntax: a string or number has more than 16 "
            "MiB\n");
  EXPECT_EQ(problems("[{\"value\":[1", ",1"),
            "error 1:33554445 syntax: the operation has more than 16777216 "
            "values\n");
  EXPECT_EQ(problems("0 :invoke :write ", "x"),
            "error 1:1 syntax: the line has more than 16 MiB\n");
}

}  // namespace
}  // namespace minos::history
