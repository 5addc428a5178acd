// Makes the instructions of one kernel.
#ifndef MORULA_EMULATION_PTX_ENTRY_PARSER_H
#define MORULA_EMULATION_PTX_ENTRY_PARSER_H

#include <map>
#include <string>
#include <vector>

#include "ptx/module.h"
#include "ptx/statements.h"

namespace morula::emulation::ptx {

class Opcode;

// "[.shared] .align 4 .b8 name[128]": what it declares. Bytes are 0 for an array without a length.
struct Declaration {
    std::string name;
    size_t bytes, alignment;
};
Declaration declaration_of(const std::string& text);

// What is declared outside of kernels.
struct Names {
    std::map<std::string, Declaration> shared;
    std::map<std::string, uint64_t> variables;  // addresses of constants and globals
};

class EntryParser {
  public:
    EntryParser(const std::string& header, const Names* names);

    // Throws an Error for what cannot be run.
    void add(const Statement& statement);
    Entry finish();

  private:
    void add_parameters(const std::string& header);
    void add_instruction(const Statement& statement);
    void add_operand(const std::string& text, Instruction* instruction);
    void add_register(int which, Instruction* instruction);
    void add_address(const std::string& text, Instruction* instruction);
    int named_register(const std::string& name);
    int value_register(const std::string& text);
    int constant(uint64_t value);
    int special(Special by, int64_t offset);
    int shared_address(const Declaration& array);

    const Names* names_;
    Entry entry_;
    std::map<std::string, int> registers_;
    std::map<uint64_t, int> constants_;
    std::map<std::pair<Special, int64_t>, int> specials_;
    std::map<std::string, int64_t> parameters_, locals_;  // by name, the byte where each starts
    std::map<std::string, Declaration> shared_;
    std::map<std::string, int> shared_numbers_;
    std::map<std::string, size_t> labels_;
    std::map<size_t, std::string> branches_;  // by instruction
    int line_ = 0, addresses_ = 0;
};

}  // namespace morula::emulation::ptx

#endif
