// Sets of about twenty elements, to which new ones are added and from which
// others are removed; the rest of the operations look.
//
// The violation: an element is missing from a read, or contains says so, though
// it had been added before and nothing that may remove it was called.

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "generators/family_keys.h"

namespace minos::generators {
namespace {

using history::kFalse;
using history::ValueId;

constexpr int64_t kUsualSize = 20;
// Contains asks for one of the elements added last.
constexpr int64_t kLookBack = 60;
constexpr int64_t kReadParts = 100'000;  // of a million operations

class Sets : public KeyedObjects {
 public:
  explicit Sets(const FamilyContext& context)
      : KeyedObjects(context), sets_(static_cast<size_t>(context.keys)) {}

  std::optional<Request> Choose(int, int64_t) override {
    const uint32_t object = PickObject();
    Set& set = sets_[object];
    if (FlipCoin()) return ChooseLook(object);
    const auto size = static_cast<int64_t>(set.elements.size());
    if (random().Between(0, 2 * kUsualSize) >= size) {
      return Make(kAdd, "add", object, set.next_element++);
    }
    return Make(kRemove, "remove", object,
                set.elements[random().Below(set.elements.size())]);
  }

  Reply Apply(const Request& request) override {
    std::vector<int64_t>& elements = sets_[request.object].elements;
    const auto place =
        std::lower_bound(elements.begin(), elements.end(), request.a);
    const bool has = place != elements.end() && *place == request.a;
    switch (request.kind) {
      case kRead:
        return Reply::Ok(Show(elements));
      case kContains:
        return Reply::Ok(values().Bool(has));
      case kAdd:
        if (!has) elements.insert(place, request.a);
        return Reply::Ok(request.argument);
      default:
        if (has) elements.erase(place);
        return Reply::Ok(values().Bool(has));
    }
  }

  bool Plant(size_t mark, Trace& trace) override {
    Index(trace);
    ValueId wrong = history::kNoValue;
    const auto place =
        FindNearest(trace.operations.size(), mark, [&](uint32_t operation) {
          wrong = WrongAnswer(trace, operation);
          return wrong != history::kNoValue;
        });
    if (!place.has_value()) return false;
    trace.operations[*place].result = wrong;
    return true;
  }

 private:
  enum Kind : uint8_t { kRead, kContains, kAdd, kRemove };
  struct Set {
    std::vector<int64_t> elements;  // sorted
    int64_t next_element = 0;
  };
  // Who added an element, and the first that may have removed it.
  struct Story {
    uint32_t add = 0;
    std::optional<uint32_t> first_remove;
  };

  Request Make(Kind kind, std::string_view function, uint32_t object,
               int64_t element) {
    Request request =
        MakeRequest(kind, function, object, values().Integer(element));
    request.a = element;
    return request;
  }

  Request ChooseLook(uint32_t object) {
    const int64_t next = sets_[object].next_element;
    // A fifth of the looks are a tenth of all operations.
    if (random().Chance(2 * kReadParts)) {
      return MakeRequest(kRead, "read", object);
    }
    return Make(kContains, "contains", object,
                random().Between(std::max<int64_t>(0, next - kLookBack), next));
  }

  ValueId Show(const std::vector<int64_t>& elements) const {
    std::vector<ValueId> shown;
    for (const int64_t element : elements) {
      shown.push_back(values().Integer(element));
    }
    return values().List(shown);
  }

  void Index(const Trace& trace) {
    stories_.clear();
    for (uint32_t i = 0; i < trace.operations.size(); ++i) {
      const Request& request = trace.operations[i].request;
      if (request.kind != kAdd && request.kind != kRemove) continue;
      Story& story = stories_[{request.object, request.a}];
      if (request.kind == kAdd) {
        story.add = i;
      } else if (!story.first_remove.has_value()) {
        story.first_remove = i;
      }
    }
  }

  // True if `element` was a member all the while that `look` was open.
  bool IsCertain(const Trace& trace, uint32_t look, int64_t element) const {
    const auto& operations = trace.operations;
    const auto entry =
        stories_.find({operations[look].request.object, element});
    if (entry == stories_.end()) return false;
    const Story& story = entry->second;
    return trace.Precedes(story.add, look) &&
           (!story.first_remove.has_value() ||
            operations[*story.first_remove].call > operations[look].completion);
  }

  // An answer that `look` cannot have got; kNoValue if none is known.
  ValueId WrongAnswer(const Trace& trace, uint32_t look) const {
    const TraceOperation& operation = trace.operations[look];
    if (!operation.is_ok()) return history::kNoValue;
    if (operation.request.kind == kContains) {
      return IsCertain(trace, look, operation.request.a) ? kFalse
                                                         : history::kNoValue;
    }
    if (operation.request.kind != kRead) return history::kNoValue;
    const auto shown = values().elements(operation.result);
    std::vector<ValueId> fewer(shown.begin(), shown.end());
    const auto lost =
        std::find_if(fewer.begin(), fewer.end(), [&](ValueId element) {
          return IsCertain(trace, look, values().integer(element));
        });
    if (lost == fewer.end()) return history::kNoValue;
    fewer.erase(lost);
    return values().List(fewer);
  }

  std::vector<Set> sets_;
  absl::flat_hash_map<std::pair<uint32_t, int64_t>, Story> stories_;
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeSets(const FamilyContext& context) {
  return std::make_unique<Sets>(context);
}

}  // namespace minos::generators
