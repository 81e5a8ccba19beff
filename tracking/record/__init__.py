"""The record: the tables that more than one room reads, and the numbers that stand for long words.

Words: verb, activity, agent (whoever a statement names), identity key (the normalised form under
which an agent is looked for among people), resolution (an agent was taken to be a learner from then until
then), merger (a learner was taken to be another, who stands for both), evidence (a completing statement of a
known learner, for as long as it counted), completion.

models: what was said, and by whom; mentions: who and what else was named; order: what numbers tell;
completions: what follows from it; mergers: who stands for whom. It knows no rules: `statements`, `identities`
and `completions` write it, `rates` and `rebuild` read it.
"""
