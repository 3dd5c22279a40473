// Whether the tests run under the address or the thread sanitizer, which make
// them several times slower, keep what is freed, and shadow all memory.

#ifndef MINOS_TESTS_SUPPORT_SANITIZED_H_
#define MINOS_TESTS_SUPPORT_SANITIZED_H_

namespace minos::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace minos::testing

#endif  // MINOS_TESTS_SUPPORT_SANITIZED_H_
