// SPDX-License-Identifier: BSL-1.0
// Has nothing of its own: CMake wants a file for the headers that the tests' files share.
