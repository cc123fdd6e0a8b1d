// SPDX-License-Identifier: MIT
//
// See mount_step.h.
#include "cli/mount_step.h"

#include <linux/mount.h>

#include <cstring>

#include "base/text.h"

namespace cardboard {

namespace {

// A word of a list; of those for a tmpfs a value follows.
struct Word {
  char name[6];
  std::uint8_t sets;
  std::uint8_t clears;
};

constexpr Word kWords[] = {
    {"size=", 0, 0},
    {"mode=", 0, 0},
    {"ro", MOUNT_ATTR_RDONLY, 0},
    {"rw", 0, MOUNT_ATTR_RDONLY},
    {"exec", 0, MOUNT_ATTR_NOEXEC},
    {"dev", 0, MOUNT_ATTR_NODEV},
    {"idmap", kMapOwners, 0},
};
constexpr std::size_t kTmpfsWords = 2;

constexpr std::uint8_t kAttributes[] = {
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,                      // StepKind::Tmpfs
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,  // StepKind::Volume
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,                     // StepKind::Device
};

// What is behind the first `separator`, which becomes the end of `text`; null where there is none.
char* cut(char* text, char separator) {
  while (*text != separator && *text != '\0') ++text;
  if (*text == '\0') return nullptr;
  *text = '\0';
  return text + 1;
}

bool is_octal_mode(const char* digits) {
  std::size_t size = 0;
  while (digits[size] >= '0' && digits[size] <= '7') ++size;
  return digits[size] == '\0' && size - 1 < 4;
}

// The kernel will read it, too. To it a size that begins with 0 is octal, and 0 is no limit.
bool is_size(const char* text) { return *text != '0' && parse_size(as_view(text)).has_value(); }

bool take_word(const char* text, Step& step) {
  for (std::size_t i = 0; i < std::size(kWords); ++i) {
    const Word& word = kWords[i];
    const char* value = skip(text, word.name);
    const StepKind kind = i < kTmpfsWords ? StepKind::Tmpfs : StepKind::Volume;
    if (value == nullptr || step.kind != kind) continue;
    if (i == 0) return is_size(value);
    if (i == 1) return is_octal_mode(value);
    step.attributes = static_cast<std::uint8_t>((step.attributes | word.sets) & ~word.clears);
    return *value == '\0';
  }
  return false;
}

bool take_words(char* words, Step& step) {
  bool is_good = true;
  while (words != nullptr && is_good) {
    char* next = cut(words, ',');
    is_good = take_word(words, step);
    if (next != nullptr) next[-1] = ',';
    words = next;
  }
  return is_good;
}

// Whether it is what a target has to be, without the slashes at its end.
bool is_place(char* path) {
  if (*path != '/') return false;
  for (std::size_t size = std::strlen(path); size > 1 && path[--size] == '/';) path[size] = '\0';
  while (*path != '\0') {
    if (*path++ != '/') continue;
    // Nothing, "." or ".."
    if (*path == '.') ++path;
    if (*path == '.') ++path;
    if (*path == '/' || *path == '\0') return false;
  }
  return true;
}

}  // namespace

bool push_step(StepList& steps, const Step& step) { return steps.push(step); }

bool parse_mount(StepKind kind, char* word, Step& step) {
  char* const second = cut(word, ':');
  char* target = word;
  char* words = second;
  if (kind == StepKind::Volume && second != nullptr) {
    target = second;
    words = cut(second, ':');
  }
  step = {.kind = kind,
          .attributes = kAttributes[static_cast<std::size_t>(kind)],
          .target = target,
          .source = kind == StepKind::Tmpfs ? words : word};
  const char* const start = kind == StepKind::Device ? "/dev/" : "";
  if (*word != '\0' && skip(word, start) != nullptr && take_words(words, step) &&
      is_place(target)) {
    return true;
  }
  // Whole again, for the error.
  if (words != nullptr) words[-1] = ':';
  if (second != nullptr) second[-1] = ':';
  return false;
}

}  // namespace cardboard
