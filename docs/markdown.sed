# What Doxygen cannot resolve in a Markdown page: a heading in another page, and files that are no pages.
s/\]\(([^)#]+\.md)#[^)]*\)/](\1)/g
s/\[([^]]*)\]\([^):]*(\.cpp|\.py|\.cff|\.1|LICENSE)\)/\1/g
