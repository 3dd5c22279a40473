#include "history/write.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "history/hash.h"
#include "history/history_builder.h"
#include "history/read.h"
#include "tests/support/recordings.h"

namespace minos::history {
namespace {

using minos::testing::ReadText;
using minos::testing::ToText;

std::string Write(const History& history, Format format) {
  std::string text;
  const absl::Status status =
      WriteHistory(history, format, [&](std::string_view part) {
        text.append(part);
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  return text;
}

std::string Convert(std::string_view text, Format format) {
  return Write(ReadText(text).history, format);
}

constexpr std::string_view kEdn =
    "{:index 0, :time 5, :type :invoke, :process 0, :f :write, :value [1 "
    "\"a\"], :key \"x\", :node \"n1\"}\n"
    "{:index 1, :type :info, :process :nemesis, :f :kill, :value nil}\n"
    "{:index 2, :time 9, :type :ok, :process 0, :f :write, :value nil, :key "
    "\"x\", :node \"n1\"}\n"
    "{:index 3, :type :info, :process :nemesis, :f :kill, :value [\"n1\"]}\n"
    "{:index 4, :type :invoke, :process 1, :f :read, :value nil, :key \"x\", "
    ":session 3}\n"
    "{:index 5, :type :info, :process 1, :f :read, :key \"x\", :session 3, "
    ":error [:timeout 5]}\n"
    "{:index 6, :type :invoke, :process 2, :f :read, :value nil}\n";

TEST(WriteTest, EdnReadsBackAsItWas) {
  EXPECT_EQ(Convert(kEdn, Format::kEdn), kEdn);
}

TEST(WriteTest, JsonLines) {
  EXPECT_EQ(
      Convert(kEdn, Format::kJsonLines),
      R"({"index":0,"time":5,"type":"invoke","process":0,"f":"write","value":[1,"a"],"key":"x","node":"n1"}
{"index":1,"type":"info","process":"nemesis","f":"kill","value":null}
{"index":2,"time":9,"type":"ok","process":0,"f":"write","value":null,"key":"x","node":"n1"}
{"index":3,"type":"info","process":"nemesis","f":"kill","value":["n1"]}
{"index":4,"type":"invoke","process":1,"f":"read","value":null,"key":"x","session":3}
{"index":5,"type":"info","process":1,"f":"read","key":"x","session":3,"error":["timeout",5]}
{"index":6,"type":"invoke","process":2,"f":"read","value":null}
)");
}

TEST(WriteTest, JsonArray) {
  EXPECT_EQ(Convert("{:type :invoke :process 0 :f :r}{:type :fail :process 0}",
                    Format::kJson),
            "[\n"
            R"({"index":0,"type":"invoke","process":0,"f":"r","value":null},)"
            "\n"
            R"({"index":1,"type":"fail","process":0,"f":"r"})"
            "\n]\n");
  EXPECT_EQ(Convert("[]", Format::kJson), "[\n]\n");
}

TEST(WriteTest, NamesThatAreNoKeywordsStayStrings) {
  EXPECT_EQ(Convert(R"({"type":"invoke","process":"a b","f":"c d","e f":1})",
                    Format::kEdn),
            "{:index 0, :type :invoke, :process \"a b\", :f \"c d\", :value "
            "nil, \"e f\" 1}\n");
}

TEST(WriteTest, OperationsThatTouchStayWholeOperations) {
  constexpr std::string_view kTouching =
      R"({"process":0,"f":"write","value":1,"result":null,"call":10,"return":20,"outcome":"ok"}
{"process":1,"f":"read","value":null,"call":15,"outcome":"info"}
{"process":0,"f":"read","value":null,"result":1,"call":20,"return":20,"outcome":"ok"}
{"process":0,"f":"cas","value":[1,2],"result":"no","call":20,"return":30,"outcome":"fail"}
)";
  EXPECT_EQ(Convert(kTouching, Format::kJsonLines), kTouching);
  const std::string edn = Convert(kTouching, Format::kEdn);
  EXPECT_EQ(Convert(edn, Format::kJsonLines), kTouching);
}

TEST(WriteTest, AProcessThatGoesOnWhileAnOperationIsOpenReadsBack) {
  constexpr std::string_view kGoingOn =
      R"({"process":1,"f":"cas","value":[1,2],"call":5,"outcome":"info"}
{"process":1,"f":"write","value":1,"result":null,"call":10,"return":20,"outcome":"ok"}
)";
  EXPECT_EQ(Convert(kGoingOn, Format::kJsonLines), kGoingOn);
  const std::string edn = Convert(kGoingOn, Format::kEdn);
  EXPECT_EQ(Convert(edn, Format::kJsonLines), kGoingOn);
}

TEST(WriteTest, FormatsThatAreOnlyRead) {
  const History history;
  for (const Format format : {Format::kJepsenLog, Format::kHistoryTxt}) {
    EXPECT_EQ(WriteHistory(history, format,
                           [](std::string_view) { return absl::OkStatus(); })
                  .code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(WriteTest, AFailingSinkEndsTheWriting) {
  const Recording recording = ReadText(kEdn);
  EXPECT_EQ(
      WriteHistory(recording.history, Format::kEdn,
                   [](std::string_view) { return absl::DataLossError("full"); })
          .code(),
      absl::StatusCode::kDataLoss);
  EXPECT_FALSE(
      WriteHistory(recording.history, Format::kEdn, "/no/such/folder/x").ok());
}

// Makes histories at random, of everything that a history may hold.
class RandomHistory {
 public:
  // `for_json`: only values that JSON can hold.
  RandomHistory(uint64_t seed, bool for_json)
      : state_(seed), for_json_(for_json), builder_("random") {}

  History Build() {
    const int events = Below(40);
    std::vector<bool> open(4);
    Nanoseconds time = 0;
    for (int i = 0; i < events; ++i) {
      const int thread = Below(4);
      Event event;
      event.process =
          thread == 3 ? Name("nemesis") : builder_.values().Integer(thread);
      event.function = Name("f" + std::to_string(thread));
      event.type = EventType::kInfo;
      if (thread < 3) {
        event.type =
            open[thread] ? EventType(1 + Below(3)) : EventType::kInvoke;
      }
      event.position = {static_cast<uint32_t>(i + 1), 1};
      FillOptional(event, open[thread], thread);
      time += Below(3);
      if (Below(4) > 0) event.time = time;
      open[thread] = !open[thread];
      builder_.Add(event);
    }
    return std::move(builder_).Build();
  }

 private:
  int Below(int bound) {
    state_ = MixHash(state_ + 0x9E3779B97F4A7C15u);
    return static_cast<int>(state_ % static_cast<uint64_t>(bound));
  }

  ValueId Name(std::string_view name) {
    return for_json_ ? builder_.values().String(name)
                     : builder_.values().Keyword(name);
  }

  void FillOptional(Event& event, bool is_completion, int thread) {
    if (is_completion || Below(2) == 0) event.value = Value(3);
    if (Below(2) == 0) event.extras = Map(2);
    // These are of the whole operation, so they must not change.
    ValueTable& values = builder_.values();
    if (thread == 1) event.key = values.String("k");
    if (thread == 2) event.session = values.Integer(77);
    if (thread == 2) event.node = values.String("n2");
  }

  ValueId Map(int depth) {
    std::vector<ValueId> entries;
    const int size = Below(3);
    for (int i = 0; i < size; ++i) {
      entries.push_back(
          for_json_ ? builder_.values().String("key" + std::to_string(i))
                    : Distinct(i, depth));
      entries.push_back(Value(depth - 1));
    }
    // No fields at all are no map of fields.
    if (depth == 2 && entries.empty()) return kNoValue;
    return builder_.values().Map(entries);
  }

  // Values that differ for different i.
  ValueId Distinct(int i, int depth) {
    ValueTable& values = builder_.values();
    const ValueId tag = values.Integer(i);
    if (depth <= 1 || Below(2) == 0)
      return values.Keyword(Letters() + "-" + std::to_string(i));
    const std::vector<ValueId> pair = {tag, Value(depth - 1)};
    return values.List(pair);
  }

  std::string Letters() {
    constexpr std::string_view kPieces[] = {"a", "Z9", "é", "😀", "b.c/d"};
    std::string text;
    for (int i = Below(3); i >= 0; --i) text += kPieces[Below(5)];
    return text;
  }

  ValueId Scalar() {
    ValueTable& values = builder_.values();
    constexpr double kFloats[] = {0.1,        -2.5e-300, 1.7976931348623157e308,
                                  123456.789, 1e22,      3.5};
    constexpr int64_t kIntegers[] = {0,         -1,        7,
                                     INT64_MAX, INT64_MIN, int64_t{1} << 53};
    switch (Below(for_json_ ? 7 : 12)) {
      case 0:
        return kNil;
      case 1:
        return ValueTable::Bool(Below(2) == 0);
      case 2:
        return values.Integer(kIntegers[Below(6)]);
      case 3:
        return values.Float(kFloats[Below(6)]);
      case 4:
        return values.String(Letters());
      case 5:
        return values.String("\"\\\n\t\r\x01 \x7F,;");
      case 6:
        return values.Text(ValueKind::kBigInteger, "-99999999999999999999");
      case 7:
        return values.Keyword(Letters());
      case 8:
        return values.Text(ValueKind::kRatio, "-7/3");
      case 9:
        return values.Text(ValueKind::kSymbol, "s" + Letters());
      case 10: {
        constexpr std::string_view kCharacters[] = {
            "a", " ", "\n", "\t", "é", ",", "\b", "(", "\"", ";", "\x01"};
        return values.Text(ValueKind::kCharacter, kCharacters[Below(11)]);
      }
      default:
        return values.Float(Below(2) == 0 ? 1.0 / 0.0 : -1.0 / 0.0);
    }
  }

  ValueId Value(int depth) {
    if (depth == 0 || Below(2) == 0) return Scalar();
    const int form = Below(for_json_ ? 2 : 3);
    if (form == 0) return Map(depth > 2 ? 1 : depth - 1);
    std::vector<ValueId> elements;
    for (int i = Below(4); i > 0; --i) {
      elements.push_back(form == 1 ? Value(depth - 1) : Distinct(i, depth));
    }
    return form == 1 ? builder_.values().List(elements)
                     : builder_.values().Set(elements);
  }

  uint64_t state_;
  const bool for_json_;
  HistoryBuilder builder_;
};

// What `history` is after it was written and read.
Recording ThereAndBack(const History& history, Format format) {
  ReadOptions options;
  options.format = format;
  return ReadText(Write(history, format), options);
}

// Sets and maps are ordered by ids, which differ between tables. Whatever their
// order, the bytes of their texts are the same ones.
std::string SortedBytes(std::string text) {
  std::sort(text.begin(), text.end());
  return text;
}

TEST(WriteTest, RandomHistoriesReadBackFromEdn) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    const History history = RandomHistory(seed, false).Build();
    if (history.size() == 0) continue;
    const Recording once = ThereAndBack(history, Format::kEdn);
    ASSERT_FALSE(once.has_errors) << ToText(once.problems) << "seed " << seed;
    const Recording twice = ThereAndBack(once.history, Format::kEdn);
    ASSERT_EQ(ToText(twice.history), ToText(once.history)) << "seed " << seed;
    ASSERT_EQ(SortedBytes(ToText(once.history)), SortedBytes(ToText(history)))
        << "seed " << seed;
  }
}

TEST(WriteTest, RandomHistoriesReadBackFromJson) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    const History history = RandomHistory(seed, true).Build();
    if (history.size() == 0) continue;
    for (const Format format : {Format::kJsonLines, Format::kJson}) {
      const Recording read = ThereAndBack(history, format);
      ASSERT_FALSE(read.has_errors) << ToText(read.problems) << "seed " << seed;
      const Recording edn = ThereAndBack(read.history, Format::kEdn);
      const Recording again = ThereAndBack(edn.history, format);
      ASSERT_EQ(Write(again.history, format), Write(history, format))
          << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace minos::history
