// Where each element is put in once, what it takes for an order to be right is
// said of two elements at a time. Write p(a) for what put a in and q(a) for
// what took it out (never, if nothing did); p(a) comes before q(a), and
//
//   queue            p(a) < p(b)  exactly if  q(a) < q(b)
//   stack            never  p(a) < p(b) < q(a) < q(b)
//   priority queue   of a < b, never  p(a) < q(b) < q(a)
//   found nothing    never  p(a) < e < q(a),  e being what found nothing
//
// Necessary, plainly. Sufficient: take an order of all operations in which
// these hold for every pair, and look at q(b). Its element is there. In a queue
// one that was put in before it was taken before; in a stack none that was put
// in after it is left; in a priority queue no smaller one is; and what found
// nothing found nothing. So q(b) gives b, as it did.
//
// Each of these rules out one order of the four operations, so where some of
// its parts are known the rest follows. That is done until nothing more
// follows; a cycle is a contradiction. What is open is asked one pair after the
// other in the order of the calls. Once everything that the rules speak of is
// decided, every order that extends it is right.
//
// Taking out with an unknown outcome may have taken any element that no ok
// operation took and that was certainly put in: for each such element it is a
// further question which of them took it, if any did.

#include "checker/element_order.h"

#include <algorithm>

namespace minos::checker {

using history::History;

ElementOrder::ElementOrder(const History& history, Discipline discipline,
                           SessionChains chains, Budget& budget)
    : history_(history),
      discipline_(discipline),
      operations_(std::move(chains.operations)),
      closure_(std::move(chains.chain_begin)),
      element_of_(closure_.size(), kNoElement),
      object_of_miss_(closure_.size(), kNoElement),
      is_marked_miss_(closure_.size(), false),
      budget_(budget) {
  for (const auto& [from, to] : chains.crossings) Add(from, to);
}

void ElementOrder::AddObject(std::vector<Element> elements,
                             std::vector<Node> misses,
                             std::vector<Node> crashes) {
  const auto number = static_cast<uint32_t>(objects_.size());
  Object object;
  for (Element& element : elements) {
    const auto id = static_cast<uint32_t>(elements_.size());
    if (element.take == kNoNode) {
      element.stays = crashes.empty();
      element.excluded.assign(crashes.size() + 1, false);
    } else {
      element_of_[element.take] = id;
    }
    element_of_[element.put] = id;
    elements_.push_back(std::move(element));
    object.elements.push_back(id);
    object_of_.push_back(number);
  }
  std::sort(object.elements.begin(), object.elements.end(),
            [&](uint32_t a, uint32_t b) {
              return CallOf(elements_[a].put) < CallOf(elements_[b].put);
            });
  for (const Node miss : misses) object_of_miss_[miss] = number;
  object.misses = std::move(misses);
  object.crashes = std::move(crashes);
  by_call_.insert(by_call_.end(), object.elements.begin(),
                  object.elements.end());
  objects_.push_back(std::move(object));
}

bool ElementOrder::Begin() {
  is_marked_.assign(elements_.size(), false);
  used_.assign(closure_.size(), false);
  std::sort(by_call_.begin(), by_call_.end(), [&](uint32_t a, uint32_t b) {
    return CallOf(elements_[a].put) < CallOf(elements_[b].put);
  });
  for (uint32_t element = 0; element < elements_.size(); ++element) {
    const Element& e = elements_[element];
    if (e.take != kNoNode && !Add(e.put, e.take)) return false;
    MarkElement(element);
  }
  if (!holds_ || !Follow()) return false;
  closure_.KeepChanges();
  return true;
}

bool ElementOrder::IsOpen(const Question& question) const {
  if (question.element != kNoElement) {
    return !elements_[question.element].is_settled();
  }
  return !closure_.Precedes(question.first, question.second) &&
         !closure_.Precedes(question.second, question.first);
}

bool ElementOrder::FindOpen(Question& question) {
  for (; cursor_ < by_call_.size(); ++cursor_) {
    if (FindOpenOf(by_call_[cursor_], question)) return true;
  }
  return false;
}

bool ElementOrder::Try(Question& question) {
  if (question.element == kNoElement) {
    return Add(question.first, question.second);
  }
  Element& element = elements_[question.element];
  const std::vector<Node>& crashes = CrashesOf(question.element);
  for (size_t i = element.excluded.size(); i-- > 0;) {
    if (element.excluded[i] || (i < crashes.size() && used_[crashes[i]])) {
      continue;
    }
    question.candidate = i;
    return Settle(question.element, i < crashes.size() ? crashes[i] : kNoNode);
  }
  return false;
}

bool ElementOrder::Refute(const Question& question) {
  if (question.element == kNoElement) {
    return Add(question.second, question.first);
  }
  if (question.candidate == SIZE_MAX) return false;
  Exclude(question.element, question.candidate);
  MarkElement(question.element);
  return true;
}

ElementOrder::Place ElementOrder::Save() {
  if (const size_t kept = closure_.KeptBytes(); kept > charged_) {
    budget_.Charge(kept - charged_);
    charged_ = kept;
  }
  return {closure_.Now(), settled_.size(), excluded_.size(), cursor_};
}

void ElementOrder::Restore(const Place& place) {
  for (const uint32_t element : marked_) is_marked_[element] = false;
  marked_.clear();
  for (const Node miss : marked_misses_) is_marked_miss_[miss] = false;
  marked_misses_.clear();
  closure_.BackTo(place.order);
  for (; settled_.size() > place.settled; settled_.pop_back()) {
    Element& element = elements_[settled_.back()];
    if (element.take != kNoNode) {
      used_[element.take] = false;
      element_of_[element.take] = kNoElement;
    }
    element.take = kNoNode;
    element.stays = false;
  }
  for (; excluded_.size() > place.excluded; excluded_.pop_back()) {
    const auto& [element, candidate] = excluded_.back();
    elements_[element].excluded[candidate] = false;
  }
  cursor_ = place.cursor;
}

bool ElementOrder::Follow() {
  while (!marked_.empty() || !marked_misses_.empty()) {
    if (budget_.Exhausted()) return false;
    if (!marked_misses_.empty()) {
      const Node miss = marked_misses_.back();
      marked_misses_.pop_back();
      is_marked_miss_[miss] = false;
      const Object& object = objects_[object_of_miss_[miss]];
      for (const uint32_t element : object.elements) {
        if (!MustBeGone(element, miss)) return false;
      }
      continue;
    }
    const uint32_t element = marked_.back();
    marked_.pop_back();
    is_marked_[element] = false;
    if (!EnforceElement(element)) return false;
  }
  return true;
}

void ElementOrder::MarkElement(uint32_t element) {
  if (is_marked_.empty() || is_marked_[element]) return;
  is_marked_[element] = true;
  marked_.push_back(element);
}

void ElementOrder::MarkNode(Node node) {
  if (element_of_[node] != kNoElement) MarkElement(element_of_[node]);
  if (object_of_miss_[node] == kNoElement || is_marked_miss_[node]) return;
  is_marked_miss_[node] = true;
  marked_misses_.push_back(node);
}

bool ElementOrder::Add(Node from, Node to) {
  const auto mark = [&](Node node) { MarkNode(node); };
  const bool added = closure_.Add(from, to, mark, mark);
  holds_ = holds_ && (added || is_begun());
  return added;
}

bool ElementOrder::Settle(uint32_t number, Node take) {
  Element& element = elements_[number];
  element.take = take;
  element.stays = take == kNoNode;
  settled_.push_back(number);
  MarkElement(number);
  if (take == kNoNode) return true;
  used_[take] = true;
  element_of_[take] = number;
  return Add(element.put, take);
}

void ElementOrder::Exclude(uint32_t element, size_t candidate) {
  if (elements_[element].excluded[candidate]) return;
  elements_[element].excluded[candidate] = true;
  excluded_.emplace_back(element, candidate);
}

bool ElementOrder::EnforceElement(uint32_t number) {
  const Object& object = objects_[object_of_[number]];
  pairs_ += object.elements.size() / 4 + 1;
  if (discipline_ != Discipline::kNoOrder) {
    for (const uint32_t other : object.elements) {
      if (other == number) continue;
      if (!EnforcePair(number, other) || !EnforcePair(other, number)) {
        return false;
      }
    }
  }
  for (const Node miss : object.misses) {
    if (!MustBeGone(number, miss)) return false;
  }
  return true;
}

bool ElementOrder::MustBeGone(uint32_t number, Node moment) {
  const Element& a = elements_[number];
  if (a.stays) return Add(moment, a.put);
  if (a.take == kNoNode) {
    if (closure_.Precedes(a.put, moment))
      Exclude(number, a.excluded.size() - 1);
    return true;
  }
  if (closure_.Precedes(a.put, moment) && !Add(a.take, moment)) return false;
  return !closure_.Precedes(moment, a.take) || Add(moment, a.put);
}

bool ElementOrder::EnforcePair(uint32_t x, uint32_t y) {
  const Element& a = elements_[x];
  const Element& b = elements_[y];
  if (b.take == kNoNode) return true;
  switch (discipline_) {
    case Discipline::kQueue:
      if (a.stays) return Add(b.put, a.put);
      if (a.take == kNoNode) {
        if (closure_.Precedes(a.put, b.put)) Exclude(x, a.excluded.size() - 1);
        return true;
      }
      return (!closure_.Precedes(a.put, b.put) || Add(a.take, b.take)) &&
             (!closure_.Precedes(a.take, b.take) || Add(a.put, b.put));
    case Discipline::kStack:
      return EnforceStack(x, y);
    case Discipline::kPriority:
      return !IsSmaller(a, b) || MustBeGone(x, b.take);
    case Discipline::kNoOrder:
      break;
  }
  return true;
}

bool ElementOrder::EnforceStack(uint32_t x, uint32_t y) {
  const Element& a = elements_[x];
  const Element& b = elements_[y];
  const bool above = closure_.Precedes(b.put, a.put);
  const bool inside = closure_.Precedes(a.put, b.take);
  if (a.take == kNoNode && !a.stays) {
    if (above && inside) Exclude(x, a.excluded.size() - 1);
    return true;
  }
  const bool left = a.stays || closure_.Precedes(b.take, a.take);
  if (above && inside) return !a.stays && Add(a.take, b.take);
  if (above && left) return Add(b.take, a.put);
  if (inside && left) return Add(a.put, b.put);
  return true;
}

bool ElementOrder::IsSmaller(const Element& a, const Element& b) const {
  const history::ValueTable& values = history_.values();
  return values.integer(a.value) < values.integer(b.value);
}

bool ElementOrder::FindOpenOf(uint32_t number, Question& question) const {
  const Element& element = elements_[number];
  if (!element.is_settled()) {
    question = {.element = number};
    return true;
  }
  const Object& object = objects_[object_of_[number]];
  for (const uint32_t other : object.elements) {
    if (other == number) break;
    if (discipline_ == Discipline::kNoOrder) break;
    if (FindOpenPair(elements_[other], element, question) ||
        FindOpenPair(element, elements_[other], question)) {
      return true;
    }
  }
  return std::any_of(
      object.misses.begin(), object.misses.end(),
      [&](Node miss) { return AskGone(element, miss, question); });
}

bool ElementOrder::Ask(Node a, Node b, Question& question) const {
  if (closure_.Precedes(a, b) || closure_.Precedes(b, a)) return false;
  question = CallOf(a) < CallOf(b) ? Question{.first = a, .second = b}
                                   : Question{.first = b, .second = a};
  return true;
}

bool ElementOrder::AskGone(const Element& a, Node moment,
                           Question& question) const {
  if (a.stays) return false;  // not there yet
  return !closure_.Precedes(moment, a.put) && Ask(a.take, moment, question);
}

bool ElementOrder::FindOpenPair(const Element& a, const Element& b,
                                Question& question) const {
  if (!a.is_settled() || b.take == kNoNode) return false;
  switch (discipline_) {
    case Discipline::kQueue:
      return Ask(a.put, b.put, question);
    case Discipline::kStack:
      // Either a was put in first, or b was taken before, or a was.
      if (closure_.Precedes(a.put, b.put) || closure_.Precedes(b.take, a.put) ||
          (!a.stays && closure_.Precedes(a.take, b.take))) {
        return false;
      }
      return Ask(a.put, b.put, question) || Ask(b.take, a.put, question);
    case Discipline::kPriority:
      return IsSmaller(a, b) && AskGone(a, b.take, question);
    case Discipline::kNoOrder:
      break;
  }
  return false;
}

}  // namespace minos::checker
