namespace SemCache.LoadTest.Texts;

/// <summary>What <see cref="QuestionGenerator"/> builds questions from.</summary>
internal static class QuestionWords
{
    /// <summary>Placeholders of the templates with the words that may stand there.</summary>
    public static readonly (string Slot, string[] Words)[] Slots =
    [
        ("{thing}", Split("""
            laptop, bicycle, washing machine, sourdough bread, electric guitar, passport, tax return, mortgage,
            garden fence, website, mobile app, database, spreadsheet, wedding dress, wooden table, coffee machine,
            car engine, smoke detector, solar panel, sewing machine, aquarium, bookshelf, motorcycle, camera lens,
            tent, violin, printer, router, podcast, resume, cover letter, beehive, greenhouse, fireplace, bathroom
            sink, kitchen knife, leather jacket, hiking boots, contact lenses, houseplant, piano, drone, telescope,
            vacuum cleaner, air conditioner, bank account, credit card, driving licence, rental contract, insurance
            policy, swimming pool, chess opening, novel, screenplay, board game, crossword puzzle, marathon plan,
            vegetable garden, cheesecake, chicken soup, birthday cake, home office, dishwasher, sailing boat
            """)),
        ("{place}", Split("""
            Berlin, Lagos, Tokyo, Buenos Aires, Toronto, Cairo, Mumbai, Oslo, Lisbon, Nairobi, Seoul, Mexico City,
            Prague, Sydney, Istanbul, Vienna, Hanoi, Lima, Warsaw, Athens, Dublin, Jakarta, Madrid, Chicago,
            Helsinki, Bogota, Manila, Marseille, Edinburgh, Cape Town, Singapore, Santiago, Budapest, Zurich,
            Naples, Kyoto, Vancouver, Casablanca, Tbilisi, Reykjavik
            """)),
        ("{topic}", Split("""
            quantum mechanics, photosynthesis, inflation, machine learning, plate tectonics, the French Revolution,
            black holes, game theory, vaccination, public key cryptography, jazz harmony, supply and demand, natural
            selection, the Roman Empire, nuclear fusion, linear algebra, behavioural economics, stoicism, ocean
            currents, antibiotics, blockchain, impressionism, the immune system, special relativity, urban planning,
            fermentation, medieval trade, sleep, memory, climate models, superconductors, compilers, operating
            systems, distributed consensus, garbage collection, graph theory, cell division, volcanoes, satellite
            navigation, intermittent fasting, double-entry bookkeeping, copyright law, international shipping,
            language acquisition, bird migration, the stock market, glaciers, electric motors, hormones, typography,
            semiconductors, weather forecasting, wine making, democracy, earthquakes, gene editing, tides,
            negotiation, haiku, chess endgames
            """)),
        ("{person}", Split("""
            a beginner, my grandmother, a teenager, a small business, a student, a family of four, a freelancer, a
            retired teacher, a new manager, an absolute novice, a busy parent, a nurse, an engineer, a tourist, a
            musician, a farmer, a programmer, a vegetarian, a shy person, a night owl
            """)),
        ("{problem}", Split("""
            makes a strange noise, stopped working overnight, smells of burning, is far too slow, leaks, costs more
            than expected, arrived damaged, was stolen, overheats, keeps falling apart, got wet, is out of date,
            shows an error, looks wrong, was rejected, does not fit, turned yellow, will not start, is too loud,
            disappeared
            """)),
        ("{goal}", Split("""
            save money, lose weight, learn Spanish, sleep better, find a job, make friends, stop smoking, run a
            marathon, write a book, start a company, reduce waste, pass an exam, improve my memory, buy a house,
            move abroad, eat healthier, read faster, become more patient, play the piano, invest wisely, grow
            tomatoes, get promoted, wake up early, speak in public, plan a wedding, adopt a dog, cook for guests,
            fix my posture, stay focused, manage stress
            """)),
        ("{period}", Split("""
            in a week, within one month, before the summer, over a weekend, in ninety days, by the end of the year,
            in winter, after an injury, on a small budget, without a teacher, while working full time, with two
            children, at the age of fifty, in my lunch break, during a long journey
            """)),
    ];

    public static readonly string[] Templates =
    [
        "How do I repair a {thing} that {problem}?",
        "Where in {place} can I buy a used {thing}?",
        "What should {person} know before choosing a {thing}?",
        "Why does {topic} matter to {person} who wants to {goal} {period}?",
        "Can you explain {topic} to {person} from {place}?",
        "What is the best way to {goal} {period}?",
        "How long does it take {person} to understand {topic} {period}?",
        "Is it a good idea for {person} to {goal} {period} in {place}?",
        "My {thing} {problem}. Who in {place} can help me?",
        "Which books about {topic} would you recommend to {person} who wants to {goal}?",
        "What are common mistakes when {person} tries to {goal} {period}?",
        "How much does a {thing} cost in {place}?",
        "Write a short poem about {topic} and a {thing}.",
        "What was discovered about {topic} at the university of {place}?",
        "Give me a checklist for {person} moving to {place} with a {thing}.",
        "Does my insurance in {place} pay when the {thing} {problem}?",
        "Summarise the history of {topic} in {place}.",
        "How could knowing about {topic} help me to {goal}?",
        "I want to {goal} {period}; which exercise do you suggest to {person}?",
        "Compare a {thing} with the alternatives that {person} has in {place}.",
    ];

    private static string[] Split(string words) =>
        words.ReplaceLineEndings(" ").Split(',', StringSplitOptions.TrimEntries);
}
