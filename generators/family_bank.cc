// A bank: transfers between accounts, and reads of all of them at once. Nobody
// overdraws: a transfer that would leave an account empty fails.
//
// The violation: after a read, 1 is moved from the first account to the second,
// and then a read has them as if it had not been. All other transfers are of
// even amounts and all balances even in the beginning, so no choice of what
// became of the transfers in doubt gives such a read.

#include <algorithm>
#include <vector>

#include "generators/family_keys.h"

namespace minos::generators {
namespace {

using history::kNil;
using history::ValueId;

constexpr int64_t kInitialBalance = 10;
constexpr int64_t kLargestHalf = 2;  // amounts are 2 or 4

class Bank : public KeyedObjects {
 public:
  explicit Bank(const FamilyContext& context)
      : KeyedObjects(context),
        balances_(static_cast<size_t>(std::max(context.keys, 2)),
                  kInitialBalance) {
    // Maps are shown in the order in which their keys came up.
    for (const char* name : {"from", "to", "amount"}) values().Keyword(name);
    for (size_t i = 0; i < balances_.size(); ++i) {
      values().Integer(static_cast<int64_t>(i));
    }
  }

  std::optional<Request> Choose(int, int64_t) override {
    if (FlipCoin()) return MakeBankRequest(kRead, "read", kNil);
    const auto from = random().Below(balances_.size());
    auto to = random().Below(balances_.size() - 1);
    if (to >= from) ++to;
    return MakeTransfer(from, to, 2 * random().Between(1, kLargestHalf));
  }

  Reply Apply(const Request& request) override {
    if (request.kind == kRead) return Reply::Ok(Show());
    int64_t& from = balances_[request.object];
    if (from <= request.a) return Reply::Fail();
    from -= request.a;
    balances_[static_cast<size_t>(request.b)] += request.a;
    return Reply::Ok(request.argument);
  }

  std::vector<Request> Script() override {
    return {MakeBankRequest(kRead, "read", kNil), MakeTransfer(0, 1, 1),
            MakeBankRequest(kRead, "read", kNil)};
  }

  bool Plant(size_t, Trace& trace) override {
    const auto read = std::find_if(
        trace.operations.rbegin(), trace.operations.rend(),
        [](const TraceOperation& operation) { return operation.is_scripted; });
    std::vector<int64_t> seen(balances_.size());
    const auto entries = values().elements(read->result);
    for (size_t i = 0; i < entries.size(); i += 2) {
      seen[static_cast<size_t>(values().integer(entries[i]))] =
          values().integer(entries[i + 1]);
    }
    ++seen[0];
    --seen[1];
    read->result = Show(seen);
    return true;
  }

 private:
  enum Kind : uint8_t { kRead, kTransfer };

  Request MakeBankRequest(uint8_t kind, std::string_view function,
                          ValueId argument) const {
    Request request = MakeRequest(kind, function, 0, argument);
    request.key = history::kNoValue;
    return request;
  }

  Request MakeTransfer(uint64_t from, uint64_t to, int64_t amount) const {
    const ValueId entries[] = {values().Keyword("from"),
                               values().Integer(static_cast<int64_t>(from)),
                               values().Keyword("to"),
                               values().Integer(static_cast<int64_t>(to)),
                               values().Keyword("amount"),
                               values().Integer(amount)};
    Request request =
        MakeBankRequest(kTransfer, "transfer", values().Map(entries));
    request.object = static_cast<uint32_t>(from);
    request.a = amount;
    request.b = static_cast<int64_t>(to);
    return request;
  }

  ValueId Show() const { return Show(balances_); }
  ValueId Show(const std::vector<int64_t>& balances) const {
    std::vector<ValueId> entries;
    for (size_t i = 0; i < balances.size(); ++i) {
      entries.push_back(values().Integer(static_cast<int64_t>(i)));
      entries.push_back(values().Integer(balances[i]));
    }
    return values().Map(entries);
  }

  std::vector<int64_t> balances_;  // by account
};

}  // namespace

std::unique_ptr<FamilyObjects> MakeBank(const FamilyContext& context) {
  return std::make_unique<Bank>(context);
}

}  // namespace minos::generators
