// What only grows: lists with append, and sets with add. One operation in ten
// is a read, which shows everything.
//
// So that a long history stays a small file, a list or set gives way to a fresh
// one, under a new key, when it has grown enough.
//
// The violation: a read lacks an element that had been put in before it was
// called, and what came into the list after it.

#include <algorithm>
#include <string_view>
#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

using history::ValueId;

// All reads together show about half so many elements.
constexpr int64_t kElementsShown = 2'000'000;
constexpr int64_t kReadParts = 100'000;  // of a million operations

class GrowingCollections : public KeyedObjects {
 public:
  GrowingCollections(const FamilyContext& context, std::string_view function)
      : KeyedObjects(context),
        function_(function),
        capacity_(std::clamp<int64_t>(kElementsShown * 10 / context.operations,
                                      100, 1000)) {
    for (int key = 0; key < context.keys; ++key) {
      current_.push_back(static_cast<uint32_t>(key));
    }
    contents_.resize(current_.size());
    asked_.resize(current_.size(), 0);
  }

  std::optional<Request> Choose(int, int64_t) override {
    uint32_t& object = current_[PickObject()];
    if (random().Chance(kReadParts)) return Make(kRead, "read", object);
    if (asked_[object] == capacity_) {
      object = static_cast<uint32_t>(contents_.size());
      contents_.emplace_back();
      asked_.push_back(0);
    }
    Request request = Make(kPut, function_, object);
    request.argument = values().Integer(asked_[object]++);
    return request;
  }

  Reply Apply(const Request& request) override {
    std::vector<ValueId>& contents = contents_[request.object];
    if (request.kind == kRead) return Reply::Ok(values().List(contents));
    contents.push_back(request.argument);
    return Reply::Ok(request.argument);
  }

  bool Plant(size_t mark, Trace& trace) override {
    std::vector<ValueId> shorter;
    const auto place =
        FindNearest(trace.operations.size(), mark, [&](uint32_t operation) {
          const TraceOperation& read = trace.operations[operation];
          if (read.request.kind != kRead || !read.is_ok()) return false;
          return DropCertain(trace, operation, shorter);
        });
    if (!place.has_value()) return false;
    trace.operations[*place].result = values().List(shorter);
    return true;
  }

 private:
  enum Kind : uint8_t { kRead, kPut };

  Request Make(Kind kind, std::string_view function, uint32_t object) {
    Request request = MakeRequest(kind, function, object);
    request.key = values().Integer(object);
    return request;
  }

  // What `read` returned, up to the last element that was certainly there.
  // False if none was.
  bool DropCertain(const Trace& trace, uint32_t read,
                   std::vector<ValueId>& shorter) const {
    const auto shown = values().elements(trace.operations[read].result);
    for (size_t length = shown.size(); length-- > 0;) {
      if (!IsCertain(trace, read, shown[length])) continue;
      shorter.assign(shown.begin(),
                     shown.begin() + static_cast<ptrdiff_t>(length));
      return true;
    }
    return false;
  }

  static bool IsCertain(const Trace& trace, uint32_t read, ValueId element) {
    const uint32_t object = trace.operations[read].request.object;
    for (uint32_t i = read; i-- > 0;) {
      const Request& request = trace.operations[i].request;
      if (request.kind == kPut && request.object == object &&
          request.argument == element) {
        return trace.Precedes(i, read);
      }
    }
    return false;
  }

  std::string_view function_;
  int64_t capacity_;  // how many elements an object takes
  // The objects in use; the others have given way to them.
  std::vector<uint32_t> current_;
  std::vector<std::vector<ValueId>> contents_;  // by object
  std::vector<int64_t> asked_;                  // how many puts were called
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeLists(const FamilyContext& context) {
  return std::make_unique<GrowingCollections>(context, "append");
}

std::unique_ptr<FamilyObjects> MakeGrowingSets(const FamilyContext& context) {
  return std::make_unique<GrowingCollections>(context, "add");
}

}  // namespace minos::generators
