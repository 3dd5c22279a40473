// minos run, flag by flag, as a user runs it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/minos.h"
#include "tests/support/scratch_directory.h"

namespace minos::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::StartsWith;

using Arguments = std::vector<std::string>;

Arguments operator+(Arguments a, const Arguments& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<json> JsonLines(const std::string& text) {
  std::vector<json> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(json::parse(line, nullptr, false));
    EXPECT_FALSE(lines.back().is_discarded()) << line;
  }
  return lines;
}

class RunCommand : public ::testing::Test {
 protected:
  // The events that `minos run` with these arguments records.
  std::vector<json> Record(const Arguments& arguments) {
    const ProgramRun run =
        Minos(Arguments{"run"} + arguments +
              Arguments{"--record", scratch_.File("record.jsonl")});
    EXPECT_THAT(run.err, Not(HasSubstr("minos: "))) << run.err;
    return JsonLines(scratch_.Read("record.jsonl"));
  }

  // Of the load: without faults and final reads.
  static std::vector<json> Calls(const std::vector<json>& events) {
    std::vector<json> calls;
    for (const json& event : events) {
      if (event["type"] == "invoke" && !event.contains("final")) {
        calls.push_back(event);
      }
    }
    return calls;
  }

  // What stands under `name`, without repetition.
  static std::set<json> Values(const std::vector<json>& events,
                               const std::string& name) {
    std::set<json> values;
    for (const json& event : events) {
      if (event.contains(name)) values.insert(event[name]);
    }
    return values;
  }

  static std::set<json> Faults(const std::vector<json>& events) {
    std::set<json> faults;
    for (const json& event : events) {
      if (event["process"] == "nemesis") faults.insert(event["f"]);
    }
    return faults;
  }

  ScratchDirectory scratch_;
};

// --- verdicts ---

TEST_F(RunCommand, AKeptPromiseIsZeroWithASummary) {
  const ProgramRun run = Minos({"run", "raft", "--seed", "7", "--ops", "60"});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.out,
              AllOf(StartsWith("raft-seed-7: valid"), HasSubstr("linearizable"),
                    HasSubstr("raft on 5 nodes"), HasSubstr(" info "),
                    HasSubstr("in faults"), HasSubstr("messages")));
  EXPECT_THAT(run.err, IsEmpty());
}

TEST_F(RunCommand, WhatIsNotPromisedBreaksAndIsExplained) {
  const ProgramRun run =
      Minos({"run", "eventual", "--consistency", "linearizable"});
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_THAT(run.out, AllOf(StartsWith("eventual-seed-0: violation"),
                             HasSubstr("fits no order"), HasSubstr("read")));
}

TEST_F(RunCommand, WhatCannotBeJudgedIsThreeUnlessForgiven) {
  const Arguments run = {"run", "eventual", "-c", "strong-eventual"};
  EXPECT_EQ(Minos(run).exit_code, 3);
  EXPECT_EQ(Minos(run + Arguments{"--fail-on", "violation"}).exit_code, 0);
  EXPECT_EQ(Minos(run + Arguments{"--fail-on", "unknown"}).exit_code, 3);
  const ProgramRun wrong = Minos(run + Arguments{"--fail-on", "violations"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean `violation`?"));
}

TEST_F(RunCommand, OtherFaultsThanThoseBornPromiseNothing) {
  const ProgramRun run =
      Minos({"run", "read-after-write", "--faults", "crash"});
  EXPECT_EQ(run.exit_code, 0) << run.out;
  EXPECT_THAT(run.err, HasSubstr("read-your-writes is promised under other "
                                 "faults only, and not judged"));
  const ProgramRun none = Minos(
      {"run", "primary-backup", "--set", "mode=async", "--faults", "crash"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("nothing is promised under these faults"));
}

TEST_F(RunCommand, JsonHasWhatScriptsDependOn) {
  const json result = JsonOf(
      Minos({"run", "abd", "--seed", "3", "--ops", "40", "--format", "json"}));
  EXPECT_EQ(result["schema"], "minos.result/1");
  EXPECT_EQ(result["verdict"], "valid");
  EXPECT_EQ(result["target"], "abd");
  EXPECT_EQ(result["seed"], 3);
  EXPECT_EQ(result["runs"], 1);
  const json& check = result["histories"][0]["checks"][0];
  EXPECT_EQ(check["consistency"], "linearizable");
  EXPECT_EQ(check["verdict"], "valid");
}

TEST_F(RunCommand, ReportsGoToFiles) {
  const ProgramRun run =
      Minos({"run", "abd", "--ops", "40", "--quiet", "--report",
             "junit=" + scratch_.File("junit.xml"), "--output",
             scratch_.File("out.txt")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(scratch_.Read("junit.xml"), HasSubstr("<testsuite"));
  EXPECT_THAT(scratch_.Read("out.txt"), HasSubstr("valid"));
}

TEST_F(RunCommand, QuietIsOneLine) {
  const ProgramRun run = Minos({"run", "abd", "--ops", "40", "--quiet"});
  EXPECT_EQ(std::count(run.out.begin(), run.out.end(), '\n'), 1) << run.out;
}

TEST_F(RunCommand, ColorIsForWhoeverAsks) {
  const Arguments run = {"run", "abd", "--ops", "40"};
  EXPECT_THAT(Minos(run + Arguments{"--color", "always"}).out,
              HasSubstr("\x1b["));
  EXPECT_THAT(Minos(run + Arguments{"--color", "never"}).out,
              Not(HasSubstr("\x1b[")));
}

TEST_F(RunCommand, LimitsAreHeeded) {
  const ProgramRun run = Minos({"run", "raft", "--ops", "40", "--time-limit",
                                "10s", "--memory-limit", "500MiB"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(Minos({"run", "raft", "--time-limit", "soon"}).exit_code, 2);
  EXPECT_EQ(Minos({"run", "raft", "--memory-limit", "much"}).exit_code, 2);
  const ProgramRun tight = Minos({"run", "raft", "--ops", "4000", "--rate",
                                  "4000", "--memory-limit", "1KiB"});
  EXPECT_EQ(tight.exit_code, 3) << tight.out << tight.err;
}

// --- records and traces ---

TEST_F(RunCommand, TheRecordIsReadBackInEveryFormat) {
  for (const std::string format : {"jsonl", "json", "edn"}) {
    const std::string file = scratch_.File("history." + format);
    EXPECT_EQ(Minos({"run", "abd", "--ops", "40", "--record", file}).exit_code,
              0);
    EXPECT_EQ(Minos({"validate", file}).exit_code, 0);
    EXPECT_EQ(Minos({"check", file}).exit_code, 0);
  }
  const ProgramRun unclear =
      Minos({"run", "abd", "--record", scratch_.File("history.txt")});
  EXPECT_EQ(unclear.exit_code, 2);
  EXPECT_THAT(unclear.err, HasSubstr("end it in .jsonl, .json or .edn"));
}

TEST_F(RunCommand, TheRecordIsThereAlsoWhereNothingCanBeJudged) {
  const ProgramRun run =
      Minos({"run", "primary-backup", "--set", "mode=async", "--faults",
             "crash", "--record", scratch_.File("history.jsonl")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_GT(JsonLines(scratch_.Read("history.jsonl")).size(), 400u);
}

TEST_F(RunCommand, ARecordThatCannotBeWrittenIsAnError) {
  const ProgramRun run =
      Minos({"run", "abd", "--record", scratch_.File("no/such/dir.jsonl")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, HasSubstr("dir.jsonl"));
}

TEST_F(RunCommand, TheTraceTellsEveryStepInTheOrderOfTime) {
  const ProgramRun run = Minos(
      {"run", "raft", "--ops", "40", "--trace", scratch_.File("trace.jsonl")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const std::vector<json> steps = JsonLines(scratch_.Read("trace.jsonl"));
  EXPECT_GT(steps.size(), 500u);
  EXPECT_THAT(Values(steps, "step"),
              IsSupersetOf({"send", "deliver", "ask", "serve", "answer"}));
  EXPECT_TRUE(std::is_sorted(
      steps.begin(), steps.end(),
      [](const json& a, const json& b) { return a["time"] < b["time"]; }));
}

// Each process has hash seeds of its own.
TEST_F(RunCommand, TwoProcessesGiveTheSameBytes) {
  for (const std::string target : {"raft", "tiered", "or-set"}) {
    std::vector<std::string> bytes;
    for (const std::string name : {"a", "b"}) {
      Minos({"run", target, "--faults", "all", "--record",
             scratch_.File(name + ".jsonl"), "--trace",
             scratch_.File(name + ".trace")});
      bytes.push_back(scratch_.Read(name + ".jsonl") +
                      scratch_.Read(name + ".trace"));
    }
    EXPECT_EQ(bytes[0], bytes[1]) << target;
    EXPECT_GT(bytes[0].size(), 10'000u);
  }
}

// Every store, by its default workload: what it recorded is judged by `check`
// as `run` judged it.
TEST_F(RunCommand, TheRecordOfEveryStorePassesValidateAndCheck) {
  const json list = JsonOf(Minos({"list", "targets", "--format", "json"}));
  for (const json& target : list["targets"]) {
    const std::string name = target["name"];
    const std::string file = scratch_.File(name + ".jsonl");
    const json result =
        JsonOf(Minos({"run", name, "--record", file, "--format", "json"}));
    EXPECT_EQ(result["verdict"], "valid") << name;
    std::string judged;
    for (const json& check : result["histories"][0]["checks"]) {
      judged +=
          (judged.empty() ? "" : ",") + check["consistency"].get<std::string>();
    }
    const ProgramRun validate = Minos({"validate", file});
    EXPECT_EQ(validate.exit_code, 0) << validate.out;
    EXPECT_THAT(validate.out, HasSubstr("no problems")) << name;
    const ProgramRun check = Minos({"check", "--consistency", judged, file});
    EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
    EXPECT_THAT(check.err, IsEmpty()) << name;
  }
}

// --- what happens ---

TEST_F(RunCommand, TheSeedDecides) {
  EXPECT_NE(Record({"abd", "--seed", "1", "--ops", "20"}),
            Record({"abd", "--seed", "2", "--ops", "20"}));
}

TEST_F(RunCommand, OperationsAndClientsAreAsMany) {
  const std::vector<json> calls = Calls(
      Record({"abd", "--ops", "33", "--clients", "11", "--faults", "none"}));
  EXPECT_EQ(calls.size(), 33u);
  EXPECT_EQ(Values(calls, "process").size(), 11u);
}

TEST_F(RunCommand, NodesAreAsMany) {
  const std::vector<json> events = Record({"abd", "--nodes", "5"});
  EXPECT_THAT(Values(events, "node"), IsSupersetOf({"n1", "n5"}));
  EXPECT_EQ(Values(events, "node").size(), 5u);
  const ProgramRun many = Minos({"run", "eventual", "--nodes", "10"});
  EXPECT_EQ(many.exit_code, 2);
  EXPECT_THAT(many.err, HasSubstr("runs on 1 to 9 nodes, not 10"));
}

TEST_F(RunCommand, KeysAreAsManyAndDrawnAsAsked) {
  const std::vector<json> few =
      Calls(Record({"abd", "--key-count", "2", "--faults", "none"}));
  EXPECT_EQ(Values(few, "key"), (std::set<json>{0, 1}));
  std::map<std::string, int64_t> first;
  for (const std::string shape : {"uniform", "zipf", "hot-spot"}) {
    const std::vector<json> calls =
        Calls(Record({"abd", "--key-count", "4", "--key-distribution", shape,
                      "--ops", "1000", "--faults", "none"}));
    first[shape] =
        std::count_if(calls.begin(), calls.end(),
                      [](const json& call) { return call["key"] == 0; });
  }
  EXPECT_NEAR(first["uniform"], 250, 60);
  EXPECT_NEAR(first["zipf"], 480, 60);
  EXPECT_NEAR(first["hot-spot"], 800, 60);
}

TEST_F(RunCommand, ReadsHaveTheirShare) {
  EXPECT_EQ(Values(Calls(Record({"abd", "--read-percent", "100"})), "f"),
            std::set<json>{"read"});
  EXPECT_EQ(Values(Calls(Record({"abd", "--read-percent", "0"})), "f"),
            std::set<json>{"write"});
}

TEST_F(RunCommand, ValuesAreUniqueUnlessTheyAreToRepeat) {
  const auto written = [&](const Arguments& more) {
    return Values(Calls(Record(Arguments{"abd", "--read-percent", "0"} + more)),
                  "value")
        .size();
  };
  EXPECT_EQ(written({}), 200u);
  EXPECT_EQ(written({"--repeated-values"}), 5u);
}

TEST_F(RunCommand, ClientsThinkOrKeepARate) {
  const auto duration = [&](const Arguments& more) {
    const std::vector<json> calls =
        Calls(Record(Arguments{"abd", "--faults", "none"} + more));
    return calls.back()["time"].get<double>() / 1e9;
  };
  // Five clients with 40 operations each, which take about 10 ms.
  EXPECT_NEAR(duration({"--think-time", "200ms"}), 40 * 0.21, 1.5);
  EXPECT_NEAR(duration({"--think-time", "1ms"}), 40 * 0.011, 0.4);
  EXPECT_NEAR(duration({"--rate", "100"}), 2, 0.5);
  const ProgramRun both =
      Minos({"run", "abd", "--rate", "100", "--think-time", "1ms"});
  EXPECT_EQ(both.exit_code, 2);
}

TEST_F(RunCommand, AWorkloadIsServedOrRefused) {
  EXPECT_THAT(Values(Calls(Record({"raft", "--workload", "queue"})), "f"),
              std::set<json>({"dequeue", "enqueue"}));
  const ProgramRun run = Minos({"run", "abd", "--workload", "regster"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("did you mean `register`?"));
}

TEST_F(RunCommand, WhatAWorkloadCannotHeedIsRefused) {
  const std::vector<Arguments> cases = {
      {"g-counter", "--key-count", "3"},
      {"g-counter", "--key-distribution", "zipf"},
      {"g-counter", "--repeated-values"},
      {"raft", "--workload", "queue", "--read-percent", "50"},
  };
  for (const Arguments& arguments : cases) {
    const ProgramRun run = Minos(Arguments{"run"} + arguments);
    EXPECT_EQ(run.exit_code, 2) << ::testing::PrintToString(arguments);
    EXPECT_THAT(run.err, StartsWith("minos: the workload "));
  }
}

TEST_F(RunCommand, OnlyTheFaultsAskedForHappen) {
  EXPECT_EQ(Faults(Record({"abd", "--faults", "none"})),
            (std::set<json>{"heal", "quiesce"}));
  EXPECT_EQ(Faults(Record({"abd", "--faults", "crash,loss"})),
            (std::set<json>{"heal", "quiesce", "kill", "start", "start-loss",
                            "stop-loss"}));
  EXPECT_EQ(
      Faults(Record({"abd", "--faults", "all", "--fault-intensity", "0"})),
      (std::set<json>{"heal", "quiesce"}));
  const auto count = [&](const std::string& interval) {
    const std::vector<json> events =
        Record({"abd", "--faults", "pause", "--fault-interval", interval});
    return std::count_if(events.begin(), events.end(), [](const json& event) {
      return event["f"] == "pause";
    });
  };
  EXPECT_GT(count("100ms"), 3 * count("1s"));
  const ProgramRun run = Minos({"run", "abd", "--faults", "crsh"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("did you mean `crash`?"));
}

TEST_F(RunCommand, ParametersAreSetOrRefused) {
  const Arguments lagging = {"run",           "read-after-write",
                             "--consistency", "read-your-writes",
                             "--faults",      "none"};
  EXPECT_EQ(Minos(lagging).exit_code, 0);
  EXPECT_EQ(Minos(lagging + Arguments{"--set", "window_ms=20"}).exit_code, 1);
  const ProgramRun unknown = Minos({"run", "raft", "--set", "lag=1"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("there is no parameter `lag`"));
  const ProgramRun near =
      Minos({"run", "read-after-write", "--set", "windowms=20"});
  EXPECT_THAT(near.err, HasSubstr("did you mean `window_ms`?"));
  const ProgramRun bad =
      Minos({"run", "eventual", "--set", "conflict=arbitrary"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("one of lww, siblings"));
  EXPECT_EQ(Minos({"run", "eventual", "--set", "conflict"}).exit_code, 2);
}

TEST_F(RunCommand, ABugIsPlantedOrRefused) {
  EXPECT_EQ(Minos({"run", "strong-counter"}).exit_code, 0);
  EXPECT_EQ(Minos({"run", "strong-counter", "--bug", "no-lock"}).exit_code, 1);
  const ProgramRun run = Minos({"run", "strong-counter", "--bug", "nolock"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("did you mean `no-lock`?"));
}

TEST_F(RunCommand, WrongNamesAndNumbersAreTwoAndShort) {
  const std::vector<Arguments> cases = {
      {},
      {"rafft"},
      {"raft", "--consistency", "linearisable"},
      {"raft", "--key-distribution", "zip"},
      {"raft", "--ops", "-1"},
      {"raft", "--clients", "0"},
      {"raft", "--nodes", "0"},
      {"raft", "--key-count", "0"},
      {"raft", "--read-percent", "101"},
      {"raft", "--rate", "-5"},
      {"raft", "--think-time", "forever"},
      {"raft", "--fault-interval", "0s"},
      {"raft", "--fault-intensity", "-2"},
      {"raft", "--seed", "x"},
  };
  for (const Arguments& arguments : cases) {
    const ProgramRun run = Minos(Arguments{"run"} + arguments);
    EXPECT_EQ(run.exit_code, 2) << ::testing::PrintToString(arguments);
    EXPECT_THAT(run.out, IsEmpty());
    EXPECT_THAT(run.err, StartsWith("minos: "));
    EXPECT_LE(std::count(run.err.begin(), run.err.end(), '\n'), 2) << run.err;
  }
  EXPECT_THAT(Minos({"run", "rafft"}).err, HasSubstr("did you mean `raft`?"));
  EXPECT_THAT(Minos({"run", "raft", "-c", "linearisable"}).err,
              HasSubstr("did you mean `linearizable`?"));
}

// --- lists ---

TEST_F(RunCommand, TargetsAreListed) {
  EXPECT_THAT(Minos({"list", "targets"}).out,
              AllOf(HasSubstr("raft: "), HasSubstr("promises   linearizable"),
                    HasSubstr("--bug "), HasSubstr("--set ")));
  const json list = JsonOf(Minos({"list", "targets", "--format", "json"}));
  EXPECT_EQ(list["targets"].size(), 21u);
  for (const json& target : list["targets"]) {
    EXPECT_TRUE(target["summary"].is_string());
    EXPECT_FALSE(target["workloads"].empty());
    for (const json& promise : target["promises"]) {
      EXPECT_TRUE(promise["consistency"].is_string());
      EXPECT_TRUE(promise["under"].is_array());
    }
    for (const json& parameter : target["parameters"]) {
      EXPECT_TRUE(parameter["name"].is_string());
      EXPECT_TRUE(parameter.contains("default"));
    }
    EXPECT_FALSE(target["bugs"].empty()) << target["name"];
    for (const json& bug : target["bugs"]) {
      EXPECT_TRUE(bug["name"].is_string());
      EXPECT_FALSE(bug["breaks"].empty());
    }
  }
}

TEST_F(RunCommand, WorkloadsAndFaultsAreListed) {
  EXPECT_THAT(Minos({"list", "workloads"}).out,
              AllOf(HasSubstr("session-mix"), HasSubstr("reads-only-final")));
  EXPECT_THAT(Minos({"list", "faults"}).out,
              AllOf(HasSubstr("partition"), HasSubstr("clock")));
  for (const std::string topic : {"workloads", "faults"}) {
    const json list = JsonOf(Minos({"list", topic, "--format", "json"}));
    EXPECT_GT(list[topic].size(), 7u);
    for (const json& entry : list[topic]) {
      EXPECT_TRUE(entry["name"].is_string());
      EXPECT_TRUE(entry["summary"].is_string());
    }
  }
}

}  // namespace
}  // namespace minos::testing
