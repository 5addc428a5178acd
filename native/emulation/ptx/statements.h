// PTX as a sequence of statements.
#ifndef MORULA_EMULATION_PTX_STATEMENTS_H
#define MORULA_EMULATION_PTX_STATEMENTS_H

#include <string>
#include <vector>

namespace morula::emulation::ptx {

struct Statement {
    enum Kind { plain, opens, closes, label } kind;
    std::string text;  // before the ; or { or :
    int line;
};

std::vector<Statement> statements_of(const std::string& path);

std::string trimmed(const std::string& text);
// Parts between commas that stand outside of brackets, trimmed.
std::vector<std::string> parts_of(const std::string& text);

}  // namespace morula::emulation::ptx

#endif
