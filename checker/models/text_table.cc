#include "checker/models/text_table.h"

#include <algorithm>
#include <vector>

namespace minos::checker {

using history::ToInt;
using history::ValueId;
using history::ValueKind;

namespace {

// Keeps values that are not strings apart from strings.
constexpr uint64_t kNotAString = ~uint64_t{0};

}  // namespace

TextPiece TextTable::Piece(ValueId value) const {
  TextPiece piece;
  piece.value = value;
  if (values_.kind(value) != ValueKind::kString) {
    piece.hash = MixHash(ToInt(value));
    return piece;
  }
  for (const char c : values_.text(value)) {
    piece.hash = Extend(piece.hash, c);
    piece.power *= kBase;
  }
  return piece;
}

TextId TextTable::Whole(ValueId value) {
  const bool is_string = values_.kind(value) == ValueKind::kString;
  return Intern({kNone, value,
                 is_string ? values_.text(value).size() : kNotAString,
                 Piece(value).hash});
}

TextId TextTable::Append(TextId text, const TextPiece& piece) {
  const Chain before = chains_[text];
  const size_t added = values_.text(piece.value).size();
  if (added == 0) return text;
  return Intern({before.length == 0 ? kNone : text, piece.value,
                 before.length + added,
                 before.hash * piece.power + piece.hash});
}

TextId TextTable::Intern(const Chain& chain) {
  return chains_.FindOrAdd(
      chain, [&](const Chain& other) { return AreEqual(chain, other); });
}

bool TextTable::AreEqual(const Chain& a, const Chain& b) const {
  if (a.length != b.length || a.hash != b.hash) return false;
  if (a.before == b.before && a.piece == b.piece) return true;
  if (a.length == kNotAString) return false;
  // What is left of the current piece of each, and where it goes on.
  std::string_view rest_a = values_.text(a.piece);
  std::string_view rest_b = values_.text(b.piece);
  TextId before_a = a.before;
  TextId before_b = b.before;
  while (true) {
    const size_t size = std::min(rest_a.size(), rest_b.size());
    if (rest_a.substr(rest_a.size() - size) !=
        rest_b.substr(rest_b.size() - size)) {
      return false;
    }
    rest_a.remove_suffix(size);
    rest_b.remove_suffix(size);
    if (rest_a.empty() && rest_b.empty() && before_a == before_b) return true;
    if (rest_a.empty()) {
      rest_a = values_.text(chains_[before_a].piece);
      before_a = chains_[before_a].before;
    }
    if (rest_b.empty()) {
      rest_b = values_.text(chains_[before_b].piece);
      before_b = chains_[before_b].before;
    }
  }
}

std::string TextTable::Characters(TextId text) const {
  std::vector<std::string_view> pieces;
  for (; text != kNone; text = chains_[text].before) {
    pieces.push_back(values_.text(chains_[text].piece));
  }
  std::string characters;
  for (size_t i = pieces.size(); i > 0; --i) characters += pieces[i - 1];
  return characters;
}

}  // namespace minos::checker
