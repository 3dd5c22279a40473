#include "history/value_table.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "history/hash.h"

namespace minos::history {
namespace {

constexpr uint32_t kEmptySlot = 0xFFFFFFFFu;
constexpr size_t kInitialSlots = 64;

constexpr int kLengthBits = 28;
static_assert(ValueTable::kMaxLength == size_t{1} << kLengthBits);

uint64_t Pack(size_t offset, size_t length) {
  assert(length < ValueTable::kMaxLength);
  assert(offset < uint64_t{1} << (64 - kLengthBits));
  return (uint64_t{offset} << kLengthBits) | length;
}
constexpr size_t OffsetOf(uint64_t payload) { return payload >> kLengthBits; }
constexpr size_t LengthOf(uint64_t payload) {
  return payload & (ValueTable::kMaxLength - 1);
}

bool HasText(ValueKind kind) {
  return kind == ValueKind::kString || kind == ValueKind::kSymbol ||
         kind == ValueKind::kCharacter || kind == ValueKind::kRatio ||
         kind == ValueKind::kBigInteger;
}

bool HasElements(ValueKind kind) {
  return kind == ValueKind::kList || kind == ValueKind::kMap ||
         kind == ValueKind::kSet;
}

uint64_t HashText(ValueKind kind, std::string_view text) {
  return CombineHash(static_cast<uint64_t>(kind),
                     std::hash<std::string_view>()(text));
}

uint64_t HashElements(ValueKind kind, std::span<const ValueId> elements) {
  uint64_t hash = static_cast<uint64_t>(kind);
  for (ValueId element : elements) hash = CombineHash(hash, ToInt(element));
  return hash;
}

uint64_t HashScalar(ValueKind kind, uint64_t payload) {
  return CombineHash(static_cast<uint64_t>(kind), payload);
}

}  // namespace

ValueTable::ValueTable() : index_(kInitialSlots, kEmptySlot) {
  small_integers_.fill(kNoValue);
  InternScalar(ValueKind::kNil, 0);
  InternScalar(ValueKind::kBool, 0);
  InternScalar(ValueKind::kBool, 1);
}

ValueId ValueTable::Integer(int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  if (bits >= small_integers_.size()) {
    return InternScalar(ValueKind::kInteger, bits);
  }
  ValueId& known = small_integers_[bits];
  if (known == kNoValue) known = InternScalar(ValueKind::kInteger, bits);
  return known;
}

ValueId ValueTable::Float(double value) {
  if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  return InternScalar(ValueKind::kFloat, std::bit_cast<uint64_t>(value));
}

ValueId ValueTable::String(std::string_view text) {
  return InternText(ValueKind::kString, text);
}

ValueId ValueTable::Keyword(std::string_view name) {
  ValueId id = InternText(ValueKind::kString, name);
  keyword_[ToInt(id)] = true;
  return id;
}

ValueId ValueTable::Text(ValueKind kind, std::string_view text) {
  return InternText(kind, text);
}

ValueId ValueTable::List(std::span<const ValueId> elements) {
  return InternElements(ValueKind::kList, elements);
}

ValueId ValueTable::Map(std::span<const ValueId> entries) {
  std::vector<std::pair<ValueId, ValueId>> sorted;
  sorted.reserve(entries.size() / 2);
  for (size_t i = 0; i + 1 < entries.size(); i += 2) {
    sorted.emplace_back(entries[i], entries[i + 1]);
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<ValueId> flat;
  flat.reserve(entries.size());
  for (const auto& [key, value] : sorted) {
    flat.push_back(key);
    flat.push_back(value);
  }
  return InternElements(ValueKind::kMap, flat);
}

ValueId ValueTable::Set(std::span<const ValueId> elements) {
  std::vector<ValueId> sorted(elements.begin(), elements.end());
  std::sort(sorted.begin(), sorted.end());
  return InternElements(ValueKind::kSet, sorted);
}

std::vector<ValueId> ValueTable::Include(const ValueTable& other) {
  std::vector<ValueId> ids;
  ids.reserve(other.size());
  std::vector<ValueId> elements;
  for (uint32_t i = 0; i < other.size(); ++i) {
    const ValueKind kind = other.kinds_[i];
    const uint64_t payload = other.payloads_[i];
    if (kind == ValueKind::kInteger) {
      ids.push_back(Integer(static_cast<int64_t>(payload)));
    } else if (HasText(kind)) {
      ids.push_back(InternText(kind, other.text(ValueId{i})));
      if (other.keyword_[i]) keyword_[ToInt(ids.back())] = true;
    } else if (HasElements(kind)) {
      elements.clear();
      for (const ValueId element : other.elements(ValueId{i})) {
        elements.push_back(ids[ToInt(element)]);
      }
      ids.push_back(kind == ValueKind::kMap   ? Map(elements)
                    : kind == ValueKind::kSet ? Set(elements)
                                              : List(elements));
    } else {
      ids.push_back(InternScalar(kind, payload));
    }
  }
  return ids;
}

template <typename Equal>
size_t ValueTable::FindSlot(uint64_t hash, ValueKind kind, Equal equal) const {
  const size_t mask = index_.size() - 1;
  size_t slot = hash & mask;
  while (index_[slot] != kEmptySlot) {
    const uint32_t id = index_[slot];
    if (kinds_[id] == kind && equal(payloads_[id])) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

ValueId ValueTable::FindInteger(int64_t value) const {
  const auto payload = static_cast<uint64_t>(value);
  const size_t slot =
      FindSlot(HashScalar(ValueKind::kInteger, payload), ValueKind::kInteger,
               [=](uint64_t other) { return other == payload; });
  return ValueId{index_[slot]};  // kEmptySlot is kNoValue
}

ValueId ValueTable::FindString(std::string_view text) const {
  const size_t slot =
      FindSlot(HashText(ValueKind::kString, text), ValueKind::kString,
               [&](uint64_t other) {
                 return std::string_view(characters_)
                            .substr(OffsetOf(other), LengthOf(other)) == text;
               });
  return ValueId{index_[slot]};
}

ValueId ValueTable::InternScalar(ValueKind kind, uint64_t payload) {
  const size_t slot =
      FindSlot(HashScalar(kind, payload), kind,
               [=](uint64_t other) { return other == payload; });
  if (index_[slot] != kEmptySlot) return ValueId{index_[slot]};
  return Append(slot, kind, payload);
}

ValueId ValueTable::InternText(ValueKind kind, std::string_view text) {
  const size_t slot = FindSlot(HashText(kind, text), kind, [&](uint64_t other) {
    return std::string_view(characters_)
               .substr(OffsetOf(other), LengthOf(other)) == text;
  });
  if (index_[slot] != kEmptySlot) return ValueId{index_[slot]};
  const size_t offset = characters_.size();
  characters_.append(text);
  return Append(slot, kind, Pack(offset, text.size()));
}

ValueId ValueTable::InternElements(ValueKind kind,
                                   std::span<const ValueId> elements) {
  const size_t slot =
      FindSlot(HashElements(kind, elements), kind, [&](uint64_t other) {
        return LengthOf(other) == elements.size() &&
               std::equal(elements.begin(), elements.end(),
                          children_.begin() + OffsetOf(other));
      });
  if (index_[slot] != kEmptySlot) return ValueId{index_[slot]};
  const size_t offset = children_.size();
  // One by one where they lie in the table itself, which may move.
  if (std::less_equal<>()(children_.data(), elements.data()) &&
      std::less<>()(elements.data(), children_.data() + offset)) {
    const size_t from = elements.data() - children_.data();
    for (size_t i = 0; i < elements.size(); ++i) {
      children_.push_back(ValueId{children_[from + i]});
    }
  } else {
    children_.insert(children_.end(), elements.begin(), elements.end());
  }
  return Append(slot, kind, Pack(offset, elements.size()));
}

ValueId ValueTable::Append(size_t slot, ValueKind kind, uint64_t payload) {
  const auto id = static_cast<uint32_t>(kinds_.size());
  kinds_.push_back(kind);
  payloads_.push_back(payload);
  keyword_.push_back(false);
  index_[slot] = id;
  if (kinds_.size() * 2 > index_.size()) GrowIndex();
  return ValueId{id};
}

uint64_t ValueTable::HashOf(ValueKind kind, uint64_t payload) const {
  if (HasText(kind)) {
    return HashText(kind, std::string_view(characters_)
                              .substr(OffsetOf(payload), LengthOf(payload)));
  }
  if (HasElements(kind)) {
    return HashElements(
        kind, {children_.data() + OffsetOf(payload), LengthOf(payload)});
  }
  return HashScalar(kind, payload);
}

void ValueTable::GrowIndex() {
  // The old index is not needed for the new one, so they never exist together.
  const size_t size = index_.size() * 2;
  std::vector<uint32_t>().swap(index_);
  index_.assign(size, kEmptySlot);
  const size_t mask = size - 1;
  for (uint32_t id = 0; id < kinds_.size(); ++id) {
    size_t slot = HashOf(kinds_[id], payloads_[id]) & mask;
    while (index_[slot] != kEmptySlot) slot = (slot + 1) & mask;
    index_[slot] = id;
  }
}

double ValueTable::real(ValueId id) const {
  return std::bit_cast<double>(payloads_[ToInt(id)]);
}

std::string_view ValueTable::text(ValueId id) const {
  const uint64_t payload = payloads_[ToInt(id)];
  return std::string_view(characters_)
      .substr(OffsetOf(payload), LengthOf(payload));
}

std::span<const ValueId> ValueTable::elements(ValueId id) const {
  const uint64_t payload = payloads_[ToInt(id)];
  return {children_.data() + OffsetOf(payload), LengthOf(payload)};
}

ValueId ValueTable::Get(ValueId map, ValueId key) const {
  const std::span<const ValueId> entries = elements(map);
  for (size_t i = 0; i < entries.size(); i += 2) {
    if (entries[i] == key) return entries[i + 1];
  }
  return kNoValue;
}

size_t ValueTable::GrowthBytes(size_t more) const {
  const bool grows = (kinds_.size() + more) * 2 > index_.size();
  // A column that grows is copied, one after the other.
  size_t copied = 0;
  const auto copy = [&](const auto& column) {
    if (column.size() + more <= column.capacity()) return;
    copied = std::max(copied, column.size() * sizeof(column[0]));
  };
  copy(kinds_);
  copy(payloads_);
  copy(characters_);
  copy(children_);
  return copied + (grows ? index_.size() * sizeof(uint32_t) : 0);
}

size_t ValueTable::MemoryBytes() const {
  return kinds_.capacity() * sizeof(ValueKind) +
         payloads_.capacity() * sizeof(uint64_t) + keyword_.capacity() / 8 +
         characters_.capacity() + children_.capacity() * sizeof(ValueId) +
         index_.capacity() * sizeof(uint32_t);
}

}  // namespace minos::history
