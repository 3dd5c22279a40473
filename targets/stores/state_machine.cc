#include "targets/stores/state_machine.h"

namespace minos::targets {
namespace {

Effect Ok(Result result = Result::Nil()) {
  return {AnswerStatus::kOk, std::move(result)};
}
Effect Fail() { return {AnswerStatus::kFail, Result::Nil()}; }

template <typename Map>
int64_t IntegerOr(const Map& map, typename Map::key_type key,
                  int64_t otherwise) {
  const auto found = map.find(key);
  return found == map.end() ? otherwise : found->second;
}

}  // namespace

Effect StateMachine::Apply(const Operation& operation) {
  const int32_t key = operation.key;
  const int64_t argument = operation.argument;
  switch (operation.function) {
    case Function::kRead:
      return Ok(Read(operation));
    case Function::kWrite:
      integers_[key] = argument;
      return Ok();
    case Function::kCas:
      return Cas(operation);
    case Function::kAdd:
      if (operation.object == ObjectType::kSet) {
        sets_[key].insert(argument);
      } else {
        integers_[key] += argument;
      }
      return Ok();
    case Function::kAddAndGet:
      return Ok(Result::Integer(integers_[key] += argument));
    case Function::kRemove:
      sets_[key].erase(argument);
      return Ok();
    case Function::kEnqueue:
    case Function::kPush:
    case Function::kAppend:
      sequences_[key].push_back(argument);
      return Ok();
    case Function::kDequeue:
    case Function::kPop:
      return Take(operation);
    case Function::kAcquire:
      return held_locks_.insert(key).second ? Ok() : Fail();
    case Function::kRelease:
      return held_locks_.erase(key) > 0 ? Ok() : Fail();
    case Function::kTransfer:
      return Transfer(operation);
  }
  return Fail();
}

Result StateMachine::Read(const Operation& operation) const {
  switch (operation.object) {
    case ObjectType::kRegister:
      return Result::Integer(IntegerOr(integers_, operation.key, kNilValue));
    case ObjectType::kCounter:
      return Result::Integer(IntegerOr(integers_, operation.key, 0));
    case ObjectType::kSet: {
      const auto found = sets_.find(operation.key);
      if (found == sets_.end()) return Result::List({});
      return Result::List({found->second.begin(), found->second.end()});
    }
    case ObjectType::kList: {
      const auto found = sequences_.find(operation.key);
      if (found == sequences_.end()) return Result::List({});
      return Result::List({found->second.begin(), found->second.end()});
    }
    case ObjectType::kBank:
      return Accounts();
  }
  return Result::Nil();
}

Effect StateMachine::Cas(const Operation& operation) {
  const int64_t value = IntegerOr(integers_, operation.key, kNilValue);
  if (value != operation.expected) return Fail();
  integers_[operation.key] = operation.argument;
  return Ok();
}

Effect StateMachine::Take(const Operation& operation) {
  std::deque<int64_t>& sequence = sequences_[operation.key];
  if (sequence.empty()) return Ok();
  int64_t taken = 0;
  if (operation.function == Function::kDequeue) {
    taken = sequence.front();
    sequence.pop_front();
  } else {
    taken = sequence.back();
    sequence.pop_back();
  }
  return Ok(Result::Integer(taken));
}

Effect StateMachine::Transfer(const Operation& operation) {
  const int64_t balance =
      kInitialBalance + IntegerOr(moved_, operation.expected, 0);
  if (balance < operation.argument) return Fail();
  moved_[operation.expected] -= operation.argument;
  moved_[operation.other] += operation.argument;
  return Ok();
}

Result StateMachine::Accounts() const {
  Result result;
  result.kind = Result::Kind::kAccounts;
  for (int64_t account = 0; account < kAccounts; ++account) {
    result.elements.push_back(account);
    result.elements.push_back(kInitialBalance + IntegerOr(moved_, account, 0));
  }
  return result;
}

}  // namespace minos::targets
