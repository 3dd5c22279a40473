#include "history/write.h"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "history/value_text.h"

namespace minos::history {
namespace {

constexpr OpIndex kNoOp = 0xFFFFFFFFu;
constexpr size_t kFlushBytes = size_t{64} << 10;

std::string_view ToName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ok";
    case Outcome::kFail:
      return "fail";
    case Outcome::kInfo:
      return "info";
  }
  return "";
}

// Writes maps with one entry after the other, in JSON or in EDN.
class MapWriter {
 public:
  MapWriter(const ValueTable& values, bool is_edn, std::string& out)
      : values_(values), is_edn_(is_edn), out_(out) {}

  void Begin() {
    out_.push_back('{');
    is_first_ = true;
  }
  void End() { out_.push_back('}'); }

  void Name(std::string_view field, std::string_view name) {
    Field(field);
    out_.append(is_edn_ ? ":" : "\"").append(name);
    if (!is_edn_) out_.push_back('"');
  }
  void Integer(std::string_view field, int64_t integer) {
    Field(field);
    absl::StrAppend(&out_, integer);
  }
  // A field that is absent is left out.
  void Value(std::string_view field, ValueId value) {
    if (value == kNoValue) return;
    Field(field);
    Append(value);
  }
  // A value that Jepsen writes as a keyword where it can be one.
  void Keyword(std::string_view field, ValueId value) {
    if (value == kNoValue) return;
    Field(field);
    AppendName(value);
  }
  // The entries of a map as fields.
  void Extras(ValueId map) {
    if (map == kNoValue) return;
    const auto entries = values_.elements(map);
    for (size_t i = 0; i < entries.size(); i += 2) {
      Separate();
      if (is_edn_) {
        AppendName(entries[i]);
        out_.push_back(' ');
      } else {
        AppendJsonKey(values_, entries[i], out_);
        out_.push_back(':');
      }
      Append(entries[i + 1]);
    }
  }

 private:
  void Separate() {
    if (!is_first_) out_.append(is_edn_ ? ", " : ",");
    is_first_ = false;
  }
  void Field(std::string_view name) {
    Separate();
    out_.append(is_edn_ ? ":" : "\"")
        .append(name)
        .append(is_edn_ ? " " : "\":");
  }
  void Append(ValueId value) {
    if (is_edn_) {
      AppendEdn(values_, value, out_);
    } else {
      AppendJson(values_, value, out_);
    }
  }
  void AppendName(ValueId value) {
    if (is_edn_ && values_.kind(value) == ValueKind::kString &&
        IsKeywordName(values_.text(value))) {
      out_.append(":").append(values_.text(value));
    } else {
      Append(value);
    }
  }

  const ValueTable& values_;
  const bool is_edn_;
  std::string& out_;
  bool is_first_ = true;
};

// The operation whose call or completion each position is.
std::vector<OpIndex> OperationsByPosition(const History& history) {
  std::vector<OpIndex> operations(history.event_count(), kNoOp);
  for (OpIndex op = 0; op < history.size(); ++op) {
    operations[history.call(op)] = op;
    if (history.completion(op) != kNever) {
      operations[history.completion(op)] = op;
    }
  }
  return operations;
}

// Whether a process calls before its last operation has returned; also where
// that never did, as events of one process would then be taken for a mistake.
bool HasOverlaps(const History& history) {
  absl::flat_hash_map<uint32_t, OpIndex> last;
  for (OpIndex op = 0; op < history.size(); ++op) {
    const auto [it, is_first] =
        last.try_emplace(ToInt(history.process(op)), op);
    if (is_first) continue;
    const Position end = history.completion(it->second);
    const bool goes_on_after_open = end == kNever &&
                                    history.is_client(it->second) &&
                                    history.call_time(op) != kNoTime;
    if (goes_on_after_open || (end != kNever && end > history.call(op))) {
      return true;
    }
    it->second = op;
  }
  return false;
}

class HistoryWriter {
 public:
  HistoryWriter(const History& history, Format format, const TextSink& sink)
      : history_(history),
        is_array_(format == Format::kJson),
        sink_(sink),
        map_(history.values(), format == Format::kEdn, text_) {}

  absl::Status Write() {
    if (is_array_) text_.append("[\n");
    absl::Status status =
        HasOverlaps(history_) ? WriteOperations() : WriteEvents();
    if (!status.ok()) return status;
    if (is_array_) text_.append(is_first_ ? "]\n" : "\n]\n");
    return sink_(text_);
  }

 private:
  absl::Status WriteEvents() {
    const std::vector<OpIndex> operations = OperationsByPosition(history_);
    int64_t index = 0;
    for (Position position = 0; position < operations.size(); ++position) {
      const OpIndex op = operations[position];
      if (op == kNoOp) continue;
      BeginLine();
      if (history_.call(op) == position) {
        WriteCall(op, index++);
      } else {
        WriteCompletion(op, index++);
      }
      if (absl::Status status = EndLine(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status WriteOperations() {
    for (OpIndex op = 0; op < history_.size(); ++op) {
      BeginLine();
      WriteOperation(op);
      if (absl::Status status = EndLine(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  void BeginLine() {
    if (is_array_ && !is_first_) text_.append(",\n");
    is_first_ = false;
    map_.Begin();
  }

  absl::Status EndLine() {
    map_.End();
    if (!is_array_) text_.push_back('\n');
    if (text_.size() < kFlushBytes) return absl::OkStatus();
    absl::Status status = sink_(text_);
    text_.clear();
    return status;
  }

  void WriteCall(OpIndex op, int64_t index) {
    map_.Integer("index", index);
    WriteTime("time", history_.call_time(op));
    map_.Name("type", history_.is_client(op) ? "invoke" : "info");
    WriteWho(op);
    map_.Value("value", history_.argument(op));
    WriteRest(op);
    map_.Extras(history_.call_extras(op));
  }

  void WriteCompletion(OpIndex op, int64_t index) {
    map_.Integer("index", index);
    WriteTime("time", history_.completion_time(op));
    map_.Name("type", ToName(history_.outcome(op)));
    WriteWho(op);
    map_.Value("value", CompletionValue(op));
    WriteRest(op);
    map_.Extras(history_.completion_extras(op));
  }

  void WriteOperation(OpIndex op) {
    WriteWho(op);
    map_.Value("value", history_.argument(op));
    map_.Value("result", CompletionValue(op));
    map_.Integer("call", history_.call_time(op));
    WriteTime("return", history_.completion_time(op));
    map_.Name("outcome", ToName(history_.outcome(op)));
    WriteRest(op);
    map_.Extras(history_.call_extras(op));
  }

  ValueId CompletionValue(OpIndex op) const {
    return history_.outcome(op) == Outcome::kOk ? history_.result(op)
                                                : history_.completion_value(op);
  }

  void WriteWho(OpIndex op) {
    map_.Keyword("process", history_.process(op));
    map_.Keyword("f", history_.function(op));
  }

  void WriteRest(OpIndex op) {
    map_.Value("key", history_.key(op));
    map_.Value("session", history_.operation(op).session);
    map_.Value("node", history_.node(op));
  }

  void WriteTime(std::string_view field, Nanoseconds time) {
    if (time != kNoTime) map_.Integer(field, time);
  }

  const History& history_;
  const bool is_array_;
  const TextSink& sink_;
  std::string text_;
  MapWriter map_;
  bool is_first_ = true;
};

absl::Status CannotWrite(const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path));
}

}  // namespace

absl::Status WriteHistory(const History& history, Format format,
                          const TextSink& sink) {
  if (format == Format::kJepsenLog || format == Format::kHistoryTxt) {
    return absl::InvalidArgumentError(
        absl::StrCat("the format ", std::string(ToString(format)),
                     " is read, not written; write edn, json or jsonl"));
  }
  return HistoryWriter(history, format, sink).Write();
}

absl::Status WriteHistory(const History& history, Format format,
                          const std::string& path) {
  const auto close = [](std::FILE* file) {
    if (file != nullptr && file != stdout) std::fclose(file);
  };
  std::unique_ptr<std::FILE, decltype(close)> file(
      path == "-" ? stdout : std::fopen(path.c_str(), "wb"), close);
  if (file == nullptr) return CannotWrite(path);
  absl::Status status =
      WriteHistory(history, format, [&](std::string_view text) {
        const size_t written =
            std::fwrite(text.data(), 1, text.size(), file.get());
        return written == text.size() ? absl::OkStatus() : CannotWrite(path);
      });
  if (!status.ok()) return status;
  if (std::fflush(file.get()) != 0) return CannotWrite(path);
  return absl::OkStatus();
}

}  // namespace minos::history
