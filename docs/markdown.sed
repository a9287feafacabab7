# What Doxygen cannot resolve in a Markdown page: a link whose text runs over a line's end, a heading in another page,
# and files that are no pages.
:read
$!{
  N
  b read
}
:join
s/\[([^][\n]*)\n *([^][]*)\]\(/[\1 \2](/
t join
s/\]\(([^)#\n]+\.md)#[^)\n]*\)/](\1)/g
s/\[([^][\n]*)\]\([^):\n]*(\.cpp|\.h|\.R|\.py|\.cff|\.1|LICENSE)\)/\1/g
