# shellcheck shell=bash
# Sourced by bin/morula and by the source tree's ./morula.
#
# find_java TOOL (java or javac) sets java_home to the first Java of version 17 or newer that has TOOL: the one of
# JAVA_HOME, else of the PATH, else one in /usr/lib/jvm. It fails when there is none; java_refused then says what is
# wrong with each that was found.
# shellcheck disable=SC2034 # java_home is for the script that sources this one

java_home=
java_refused=()

find_java() {
    local tool=$1 candidate
    java_refused=()
    for candidate in "${JAVA_HOME:-}" "$(java_home_on_path "$tool")" /usr/lib/jvm/*; do
        if [[ -n $candidate && -x $candidate/bin/java ]] && java_is_usable "$candidate" "$tool"; then
            java_home=$candidate
            return 0
        fi
    done
    return 1
}

java_home_on_path() {
    local found
    found=$(type -P "$1") || found=$(type -P java) || return 0
    found=$(readlink -f "$found")
    echo "${found%/bin/*}"
}

java_is_usable() {
    local home=$1 tool=$2 version
    version=$(java_version "$home")
    if ((version < 17)); then
        java_refused+=("$home is Java $version")
    elif [[ ! -x $home/bin/$tool ]]; then
        java_refused+=("$home is a JRE: it has no $tool")
    else
        return 0
    fi
    return 1
}

# Prints the feature version of a Java: 8, 11, 17 and so on; 0 if it cannot be told.
java_version() {
    local text=
    [[ -r $1/release ]] && text=$(<"$1/release")
    [[ $text == *JAVA_VERSION=* ]] || text=$("$1/bin/java" -version 2>&1) || true
    if [[ $text =~ (JAVA_VERSION=|version\ )\"(1\.)?([0-9]+) ]]; then
        echo "${BASH_REMATCH[3]}"
    else
        echo 0
    fi
}
